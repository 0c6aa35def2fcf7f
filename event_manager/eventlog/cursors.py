"""Places in the log as texts that clients keep and give back: opaque, signed, good for one reader only."""

import base64
import binascii
import hashlib
import hmac
import struct
from uuid import UUID

from event_manager.eventlog.reading import Position
from event_manager.kit.crypto import derive
from event_manager.kit.errors import FieldError
from event_manager.kit.paging import BadCursor

_PLACE = struct.Struct(">Q16s")
_MAC_BYTES = 12


class Cursors:
    """Writes and reads the cursors of one reader; ``scope`` names it, such as "live" or "feed ENDPOINT".

    A cursor of another reader, another organisation or another installation is refused.
    """

    def __init__(self, secret_key: str, tenant: UUID, scope: str) -> None:
        self._key = derive(secret_key, f"cursor of the log: {tenant} {scope}").encode()

    def write(self, position: Position) -> str:
        """The text for a place: 48 characters that need no encoding in an address or a header."""
        place = _PLACE.pack(position.xid, position.id.bytes)
        return base64.urlsafe_b64encode(place + self._mac(place)).decode()

    def read(self, text: str, *, pointer: str = "/query/cursor") -> Position:
        """The place; BadCursor unless this very reader was given the text."""
        try:
            raw = base64.b64decode(text, altchars=b"-_", validate=True)
        except (ValueError, binascii.Error):
            raw = b""
        place, mac = raw[: _PLACE.size], raw[_PLACE.size :]
        if len(place) != _PLACE.size or not hmac.compare_digest(mac, self._mac(place)):
            raise BadCursor(
                "This cursor was not given out here: take it as it was received from this very address, or leave it "
                "out to begin anew.",
                errors=[FieldError(pointer, "not a cursor of this address")],
            )
        xid, entry = _PLACE.unpack(place)
        return Position(xid, UUID(bytes=entry))

    def _mac(self, place: bytes) -> bytes:
        return hmac.new(self._key, place, hashlib.sha256).digest()[:_MAC_BYTES]
