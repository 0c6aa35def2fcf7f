"""Rows of a list as entries: each cell read strictly, every fault named by line and column."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import TypeAdapter, ValidationError

from event_manager.contests.imports.columns import FACT
from event_manager.contests.imports.sheets import Sheet
from event_manager.contests.names import fold
from event_manager.contests.schemas.common import FactName, Number, Title
from event_manager.contests.schemas.common import Line as TextLine
from event_manager.contests.schemas.entries import Email, Kind
from event_manager.contests.schemas.imports import ImportFault
from event_manager.tabulation.files.sheet import Row, Unreadable

KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("", "person", "individual", "single", "solo", "soloist", "einzel"), "person"),
    **dict.fromkeys(("group", "team", "duo", "pair", "couple", "trio", "ensemble", "band", "choir", "gruppe"), "group"),
}
CHECKS: Mapping[str, TypeAdapter[str]] = {
    "name": TypeAdapter(Title), "number": TypeAdapter(Number), "club": TypeAdapter(TextLine),
    "country": TypeAdapter(TextLine), "email": TypeAdapter(Email),
}  # fmt: skip
FACT_NAME: TypeAdapter[str] = TypeAdapter(FactName)
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


@dataclass(slots=True)
class Entrant:
    """A row that was read. ``categories`` are names as written, None where the file has no such column."""

    line: int
    name: str
    kind: Kind = "person"
    club: str = ""
    country: str = ""
    email: str | None = None
    number: str | None = None
    categories: list[str] | None = None
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Reader:
    """Reads the rows of a sheet by a mapping of headings to fields, and collects the faults."""

    sheet: Sheet
    mapping: Mapping[str, str]
    faults: list[ImportFault] = field(default_factory=list)

    def heading(self, name: str) -> str | None:
        """The heading mapped to a field."""
        return next((heading for heading, mapped in self.mapping.items() if mapped == name), None)

    def fault(self, line: int, name: str, value: str, detail: str) -> None:
        """Note what is wrong in a field of a line."""
        self.faults.append(ImportFault(line=line, column=self.heading(name), value=value[:200], detail=detail))

    def read(self) -> list[Entrant]:
        """The rows without faults. Those with faults are noted and left out."""
        if not {"name", "first_name", "last_name"} & set(self.mapping.values()):
            self.fault(1, "name", "", "no column holds the name: choose which one does")
            return []
        entrants = []
        for line in self.sheet.lines:
            before = len(self.faults)
            entrant = self._entrant(line)
            if len(self.faults) == before:
                entrants.append(entrant)
        self._doubles(entrants)
        return entrants

    def _entrant(self, line: Row) -> Entrant:
        given = self._texts(line)
        entrant = Entrant(line.line, self._name(line.line, given))
        for name in ("club", "country", "email", "number"):
            if given.get(name):
                self._check(line.line, name, given[name])
                setattr(entrant, name, given[name])
        kind = KINDS.get(fold(given.get("kind", "")))
        if kind is None:
            self.fault(line.line, "kind", given["kind"], "is neither 'person' nor 'group'")
        entrant.kind = kind or "person"
        if "categories" in given:
            parts = re.split(r"[;|]", given["categories"])
            entrant.categories = [part.strip() for part in parts if part.strip()]
        for name, text in given.items():
            if name.startswith(FACT) and text:
                entrant.facts[name.removeprefix(FACT)] = self._fact(line.line, name, text)
        return entrant

    def _texts(self, line: Row) -> dict[str, str]:
        """The cells of mapped columns by field; unreadable ones are noted."""
        texts: dict[str, str] = {}
        cells = line.cells + ("",) * (len(self.sheet.headings) - len(line.cells))
        if len(line.cells) > len(self.sheet.headings):
            self.fault(line.line, "", "", "has more cells than there are headings; quote cells that hold a delimiter")
        for heading, cell in zip(self.sheet.headings, cells, strict=False):
            name = self.mapping.get(heading)
            if name is None:
                continue
            if isinstance(cell, Unreadable):
                self.fault(line.line, name, cell.text, cell.why)
            texts[name] = cell if isinstance(cell, str) else cell.text
        return texts

    def _name(self, line: int, given: Mapping[str, str]) -> str:
        whole = given.get("name") or " ".join(
            part for part in (given.get("first_name"), given.get("last_name")) if part
        )
        if not whole:
            field_name = "name" if self.heading("name") else "last_name"
            self.fault(line, field_name, "", "a name is missing")
        else:
            self._check(line, "name", whole)
        return whole

    def _check(self, line: int, name: str, text: str) -> None:
        try:
            CHECKS[name].validate_python(text)
        except ValidationError as error:
            what = "is not an e-mail address" if name == "email" else error.errors()[0]["msg"]
            what = what.removeprefix("Value error, ")
            self.fault(line, name, text, what[:1].lower() + what[1:])

    def _fact(self, line: int, name: str, text: str) -> str:
        if DECIMAL_COMMA.fullmatch(text):
            point = text.replace(",", ".")
            self.fault(line, name, text, f"has a decimal comma; if {point} is meant, write that")
        elif len(text) > 200:
            self.fault(line, name, text, "is longer than 200 characters")
        return text

    def _doubles(self, entrants: list[Entrant]) -> None:
        """Note people and numbers that stand twice in the file."""
        people: dict[tuple[str, str], int] = {}
        numbers: dict[str, int] = {}
        for one in entrants:
            person = (fold(one.name), one.email.lower() if one.email else fold(one.club))
            if person in people:
                self.fault(one.line, "name", one.name, f"stands in line {people[person]} too")
            people.setdefault(person, one.line)
            if one.number is not None:
                if one.number in numbers:
                    self.fault(one.line, "number", one.number, f"is the number of line {numbers[one.number]} too")
                numbers.setdefault(one.number, one.line)
