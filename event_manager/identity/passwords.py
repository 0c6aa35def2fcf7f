"""Passwords: argon2id in threads of their own, and what a password must be like."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from event_manager.identity.errors import WeakPassword
from event_manager.kit.errors import FieldError

MIN_LENGTH, MAX_LENGTH, MIN_DIFFERENT = 12, 256, 5
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
THREADS = ThreadPoolExecutor(2, thread_name_prefix="argon2")
"""Bounds how much memory and how many cores a flood of sign-ins can take."""

NOBODYS_HASH = "$argon2id$v=19$m=19456,t=2,p=1$KduiFMFlTtM+AuiUSwVWVA$noRsuetlpMGl8hbkcEZPOZk2/g1UupH1Hwdl8DQbOP4"
"""Of a random, forgotten password: checked for unknown accounts, so that they take as long as known ones."""

COMMON = ("password", "passwort", "letmein", "welcome", "qwertyuiop", "qwerty", "iloveyou", "administrator", "changeme")
RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm")


async def hash_password(password: str) -> str:
    """The argon2id hash to store (m = 19 MiB, t = 2, p = 1)."""
    return await asyncio.get_running_loop().run_in_executor(THREADS, HASHER.hash, password)


async def verify(stored: str | None, password: str) -> bool:
    """Whether the password fits; takes as long for an account that does not exist (``stored`` None)."""
    fits = await asyncio.get_running_loop().run_in_executor(THREADS, _fits, stored or NOBODYS_HASH, password)
    return fits and stored is not None


def _fits(stored: str, password: str) -> bool:
    try:
        return HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def check_strength(password: str, *, email: str, name: str = "", pointer: str = "/password") -> None:
    """Raise WeakPassword with the reason."""
    fault = _fault(password, email.lower(), name.lower())
    if fault:
        raise WeakPassword(f"Choose another password: it {fault}.", errors=[FieldError(pointer, fault)])


def _fault(password: str, email: str, name: str) -> str:
    plain = password.lower()
    rest = plain
    for known in (*COMMON, email, email.split("@", maxsplit=1)[0], *(part for part in name.split() if len(part) > 3)):
        rest = rest.replace(known, "") if known else rest
    if len(password) < MIN_LENGTH:
        return f"has {len(password)} characters, it needs {MIN_LENGTH} or more"
    if len(password) > MAX_LENGTH:
        return f"has more than {MAX_LENGTH} characters"
    if len(set(plain)) < MIN_DIFFERENT:
        return f"has fewer than {MIN_DIFFERENT} different characters"
    if any(plain in run or plain in run[::-1] for run in RUNS):
        return "is a row of neighbouring keys"
    if len(rest) < 8 and rest != plain:
        return "is little more than a common word, your name or your e-mail address"
    return ""
