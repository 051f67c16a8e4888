"""Typed clients of the services that indicators calls: the registry."""
