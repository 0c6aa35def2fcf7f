"""What a password must be like, and how it is kept."""

import pytest

from event_manager.identity import passwords
from event_manager.identity.errors import WeakPassword


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short one", "has 9 characters, it needs 12 or more"),
        ("x" * 257, "has more than 256 characters"),
        ("abababababab", "has fewer than 5 different characters"),
        ("Qwertyuiopasdf", "is a row of neighbouring keys"),
        ("0123456789012", "is a row of neighbouring keys"),
        ("Password1234", "is little more than a common word, your name or your e-mail address"),
        ("olga@example.org", "is little more than a common word, your name or your e-mail address"),
        ("Petrovna-2026!", "is little more than a common word, your name or your e-mail address"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password: str, reason: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        passwords.check_strength(password, email="olga@example.org", name="Olga Petrovna")
    assert refused.value.errors[0].detail == reason


@pytest.mark.parametrize("password", ["a long walk by the sea", "tr0ub4dor&3-horse", "пароль из пяти слов"])
def test_long_and_varied_passwords_are_taken(password: str) -> None:
    passwords.check_strength(password, email="olga@example.org", name="Olga Petrovna")


async def test_a_password_is_kept_as_argon2id_of_the_stated_cost() -> None:
    stored = await passwords.hash_password("a long walk by the sea")

    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await passwords.verify(stored, "a long walk by the sea")
    assert not await passwords.verify(stored, "a long walk by the lake")


async def test_an_account_that_does_not_exist_fits_no_password() -> None:
    assert not await passwords.verify(None, "anything at all")
    assert passwords.NOBODYS_HASH.split("$")[3] == "m=19456,t=2,p=1"
