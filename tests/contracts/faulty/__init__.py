"""Faulty requests, generated from the OpenAPI documents: each must be refused, by name, and leave nothing behind."""
