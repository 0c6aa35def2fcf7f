"""What is wrong with a webhook's settings, gathered so that one answer names everything."""

from event_manager.kit.errors import FieldError, Invalid
from event_manager.webhooks.errors import WebhookRefused


class Faults:
    """Faults by JSON pointer into the request's body."""

    def __init__(self) -> None:
        self._found: list[FieldError] = []

    def add(self, pointer: str, detail: str) -> None:
        """Note a fault."""
        self._found.append(FieldError(pointer, detail))

    def refuse(self, refusal: type[Invalid] = WebhookRefused) -> None:
        """Raise the refusal if there are any."""
        if self._found:
            count = len(self._found)
            raise refusal(
                f"{count} setting{'s' if count > 1 else ''} cannot be accepted: {self._found[0].detail}",
                errors=self._found,
            )


def escaped(name: str) -> str:
    """A name as a part of a JSON pointer."""
    return name[:100].replace("~", "~0").replace("/", "~1")
