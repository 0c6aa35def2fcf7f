"""Notifications: who is told what, in the app and by mail, of what happened in the log."""
