"""Typed clients of the services that the notifier calls: the registry and indicators."""
