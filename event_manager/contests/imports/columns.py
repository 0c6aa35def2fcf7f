"""Which column of a list means what: by heading, in several languages; the organiser has the last word."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Literal, get_args

from event_manager.contests.names import fold

Field = Literal["name", "first_name", "last_name", "number", "kind", "club", "country", "email", "categories"]
FIELDS: tuple[str, ...] = get_args(Field)
FACT = "fact:"
"""A column mapped to "fact:difficulty" becomes that fact of the entry."""

SYNONYMS: Mapping[Field, Sequence[str]] = {
    "name": (
        "name", "full name", "contestant", "competitor", "participant", "athlete", "couple", "artist", "act",
        "teilnehmer", "starter", "nom complet", "nombre", "naam", "namn", "nome",
    ),
    "first_name": ("first name", "given name", "forename", "vorname", "prenom", "voornaam", "fornamn"),
    "last_name": ("last name", "family name", "surname", "nachname", "familienname", "nom", "apellido", "achternaam"),
    "number": (
        "number", "no", "no.", "nr", "nr.", "#", "bib", "start number", "contestant number", "entry number",
        "startnummer", "start nr", "start nr.", "start no", "startnr", "nummer", "numero", "dossard",
    ),
    "kind": ("kind", "type", "person or group", "art", "typ"),
    "club": ("club", "team", "school", "studio", "troupe", "verein", "schule", "ecole", "organisation", "organization"),
    "country": ("country", "nation", "nat", "nationality", "land", "pays", "pais", "ioc"),
    "email": ("email", "e-mail", "mail", "e-mail address", "email address", "courriel"),
    "categories": (
        "category", "categories", "class", "division", "event", "kategorie", "klasse", "categorie", "section",
    ),
}  # fmt: skip
MEANING = {fold(word): field for field, words in SYNONYMS.items() for word in words}


def suggest(heading: str) -> str | None:
    """The field a heading means, or None: "Start_Nr." is no guess, but "Vorname" is first_name."""
    key = fold(heading.replace("_", " "))
    if key in MEANING:
        return MEANING[key]
    near = get_close_matches(key, MEANING, n=1, cutoff=0.88) if len(key) > 4 else []
    return MEANING[near[0]] if near else None


def suggest_all(headings: Sequence[str]) -> dict[str, str]:
    """A meaning for each heading that has one; the first column wins a field."""
    chosen: dict[str, str] = {}
    for heading in headings:
        field = suggest(heading) if headings.count(heading) == 1 else None
        if field is not None and field not in chosen.values():
            chosen[heading] = field
    return chosen
