"""Request and response shapes of the room, by noun."""
