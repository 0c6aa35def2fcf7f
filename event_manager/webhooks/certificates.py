"""Certificates and keys that a webhook's owner gives as PEM, checked before they are kept."""

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

MOST_CERTIFICATES = 20


class PemRefused(ValueError):
    """PEM that cannot be used. ``part``: "certificate" or "key"; the text says why and never repeats the PEM."""

    def __init__(self, part: str, detail: str) -> None:
        self.part = part
        super().__init__(detail)


def check_client_certificate(certificate: str, key: str, now: datetime) -> None:
    """Raise PemRefused unless the first certificate is valid now and the key is its own."""
    first = _certificates(certificate)[0]
    if first.not_valid_after_utc <= now:
        raise PemRefused("certificate", f"The certificate ended on {first.not_valid_after_utc:%Y-%m-%d}.")
    try:
        private = load_pem_private_key(key.encode(), password=None)
    except TypeError:
        raise PemRefused("key", "The key is locked with a passphrase; give it without one.") from None
    except Exception:  # noqa: BLE001 - the library raises several kinds for what is no key
        raise PemRefused("key", "This is no private key in PEM (-----BEGIN PRIVATE KEY-----).") from None
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if private.public_key().public_bytes(*form) != first.public_key().public_bytes(*form):
        raise PemRefused("key", "The key is not the one of the certificate (of its first, where there is a chain).")


def check_authorities(pem: str) -> None:
    """Raise PemRefused unless these are certificates."""
    _certificates(pem)


def _certificates(pem: str) -> list[x509.Certificate]:
    try:
        found = x509.load_pem_x509_certificates(pem.encode())
        for each in found:
            each.public_key()
    except Exception:  # noqa: BLE001 - the library raises several kinds for what is no certificate
        raise PemRefused("certificate", "This is no certificate in PEM (-----BEGIN CERTIFICATE-----).") from None
    if len(found) > MOST_CERTIFICATES:
        raise PemRefused("certificate", f"There are {len(found)} certificates; at most {MOST_CERTIFICATES} are kept.")
    return found
