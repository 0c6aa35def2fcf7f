"""Tenants: the organisations that share one installation."""
