"""Webhooks: signed deliveries of what happened to the systems an organisation connects."""
