"""Time-based one-time passwords (RFC 6238: SHA-1, 6 digits, 30 seconds) and recovery codes. Pure."""

import base64
import hmac
import secrets
from datetime import datetime

import pyotp
import qrcode  # type: ignore[import-untyped]
from qrcode.image.svg import SvgPathFillImage  # type: ignore[import-untyped]

STEP_SECONDS = 30
DRIFT_STEPS = 1
"""A clock may be half a minute off either way."""

ISSUER = "Event Manager"
RECOVERY_CODES = 10


def new_secret() -> str:
    """160 random bits in base32."""
    return pyotp.random_base32()


def address(secret: str, email: str) -> str:
    """The ``otpauth://`` address that authenticator apps read."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def qr_svg(content: str) -> str:
    """A QR code as an SVG document, black on white."""
    svg: bytes = qrcode.make(content, image_factory=SvgPathFillImage, border=2).to_string()
    return svg.decode()


def matching_counter(secret: str, code: str, at: datetime) -> int | None:
    """The time step (Unix time / 30 s) whose code this is, of those a drifting clock may show; None if none."""
    digits = code.replace(" ", "")
    now = int(at.timestamp()) // STEP_SECONDS
    otp = pyotp.TOTP(secret)
    for counter in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        if hmac.compare_digest(otp.generate_otp(counter).encode(), digits.encode()):
            return counter
    return None


def new_recovery_codes() -> list[str]:
    """Ten codes of 80 random bits, in groups of four: ``k7ro-...``."""
    return [_grouped(base64.b32encode(secrets.token_bytes(10)).decode().lower()) for _ in range(RECOVERY_CODES)]


def plain(recovery_code: str) -> str:
    """A recovery code as typed, without grouping and case."""
    return "".join(recovery_code.lower().replace("-", " ").split())


def _grouped(code: str) -> str:
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
