"""What goes into a tabulation and what comes out of it. Plain values: no database, no files, no web.

Words: a *mark* is what one judge gives one entry on one unit; a *unit* is a category, part and criterion (each
may be blank); a *part* is a dance, dive, run, round or segment; a *fact* is anything about an entry that no judge
marked: difficulty, factor, elements, deduction, state. Text is raw: the engine reads the numbers itself.

Order of rows never matters. Nothing is guessed: input that does not fit the rule set raises `BadInput` naming every
problem with its place in the file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, NamedTuple

State = Literal["entered", "withdrawn", "scratched", "dns", "dnf", "dq"]
RECUSED, ABSENT = "recused", "absent"

ADDING_FACTS = ("elements", "bonus", "carry", "deduction", "penalty")
"""Facts that are points: each counts once, at the unit where it is stated."""
FACTS = ("difficulty", "factor", "segment", *ADDING_FACTS)
"""Facts the shipped rule sets read. A rule set may name others of its own; each is one column of ENTRIES."""


class Where(NamedTuple):
    """A place in a file, for messages: lines and columns count from 1; `column` is the header's name."""

    file: str
    line: int
    column: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" + (f" ({self.column})" if self.column else "")


class MarkRow(NamedTuple):
    """One mark as written: decimal text with a point, or the words `recused` or `absent`.

    `mark` is the score, the place, the recall (1 or 0), the points, the rank on a ballot or the outcome of a
    comparison (1 won, 0 lost, 0.5 drawn), as the rule set's `marks.kind` says. Blank text means no mark was given.
    Comparisons: one `part` per comparison, two rows with that part.
    """

    entry: str
    judge: str
    mark: str
    part: str = ""
    criterion: str = ""
    category: str = ""
    where: Where | None = None


class FactRow(NamedTuple):
    """One fact about an entry. A blank `entry` means all entries; a blank unit column means all that are marked.

    `fact` is `state` (a value of `State`), or one of `FACTS` or a name the rule set reads, with a decimal `value`
    (`segment` is a word: short, free, ...). A deduction or penalty may be written with or without a minus
    sign: it is taken off.
    """

    entry: str
    fact: str
    value: str
    part: str = ""
    criterion: str = ""
    category: str = ""
    where: Where | None = None


class Entry(NamedTuple):
    """A contestant in this tabulation; `order` is the running order (None if not drawn)."""

    id: str
    name: str = ""
    order: int | None = None
    club: str = ""
    where: Where | None = None


class Judge(NamedTuple):
    """A seat of the panel. A shadow judge's marks are kept but never counted.

    `group` ties a judge to a group of the panel where only part of the judges mark a criterion. `tie_break` marks
    the one sealed ballot that is opened for ties only.
    """

    id: str
    name: str = ""
    head: bool = False
    tie_break: bool = False
    shadow: bool = False
    group: str = ""
    club: str = ""


class Decision(NamedTuple):
    """A chair's decision among tied entries, best first: a record of its own, marks stay as they are."""

    order: tuple[str, ...]
    by: str
    reason: str
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a tabulation reads besides the rule set.

    `entries` empty: the entries are those with marks or facts. Given: a mark for anybody else is refused.
    `judges` empty: the panel of a unit is whoever marked it. Given: a mark by anybody else is refused and every
    judge of the panel (of the criterion's group) owes every entry a mark.
    """

    marks: Sequence[MarkRow]
    entries: Sequence[Entry] = ()
    facts: Sequence[FactRow] = ()
    judges: Sequence[Judge] = ()
    decisions: Sequence[Decision] = ()


class Trouble(NamedTuple):
    """One thing wrong with the input: what, where it stands, how to mend it."""

    message: str
    where: Where | None = None

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class ScoringError(Exception):
    """Scoring refused; the message says why and how to mend it."""


class BadInput(ScoringError):
    """The marks or facts do not fit the rule set."""

    def __init__(self, troubles: Sequence[Trouble]) -> None:
        self.troubles = tuple(troubles)
        super().__init__("\n".join(str(t) for t in troubles))


class BadRules(ScoringError):
    """The rule set itself is wrong or cannot be applied to marks of this shape."""


@dataclass(frozen=True, slots=True)
class Tie:
    """Entries that were equal and what happened: `how` names the breaker and its values, or says they share.

    `decision` is the chair's record that opened it, if one did.
    """

    entries: tuple[str, ...]
    how: str
    broken: bool
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Placing:
    """What a whole-table method returns: groups of equal entries, best first, and why.

    `totals`: the number shown as the entry's total ("" if the method has none), by entry. `why`: what decided its
    place, to be read after "placed 3rd". `steps`: sentences by entry, in order. `parts`: its values by name, instead
    of the numbers the method read. `ties` those the method itself opened. Entries in no group get no place.
    """

    groups: Sequence[Sequence[str]]
    totals: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ties: Sequence[Tie] = ()
    why: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Placed:
    """One line of a result.

    `place`: "3", "2.5" (shared, mean of places), "9-10" (shared, as a range), or "" without a place. `position` is
    the exact number behind it, for sorting. `total` is decimal text. `parts`: value of every stage, by the stage's
    name: decimal text, or a mapping from the unit's name ("Waltz / TQ") to decimal text.
    """

    entry: str
    place: str
    position: Fraction | None
    total: str
    state: State
    parts: Mapping[str, str | Mapping[str, str]]
    explanation: Sequence[str]
    advanced: bool | None = None
    award: str = ""
