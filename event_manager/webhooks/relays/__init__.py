"""Relays: webhooks of a kind that is a message broker. One file for each kind; `base` is what they have in common."""
