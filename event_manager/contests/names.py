"""Names and numbers as people search and sort them. Pure functions."""

import re
import unicodedata


def fold(name: str) -> str:
    """A name without case, accents and surplus spaces, for searching: "Zoë  D'Ávila" is "zoe d'avila"."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def natural(label: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key that counts: "A2" before "A10", numbers before words."""
    parts = re.findall(r"[0-9]+|[^0-9]+", label)
    return tuple((0, int(part), "") if part[0] in "0123456789" else (1, 0, part.casefold()) for part in parts)


def label(prefix: str, number: int, digits: int) -> str:
    """A number as worn: prefix and leading zeros, "A007"."""
    return f"{prefix}{number:0{digits}d}" if digits else f"{prefix}{number}"
