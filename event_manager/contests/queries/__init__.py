"""Reads of the room, by noun: rows or views, never a write."""
