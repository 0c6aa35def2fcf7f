"""Event Manager: judged contests from entry to a certified, published result."""

__version__ = "0.1.0"
