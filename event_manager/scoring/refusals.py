"""From the answer of the SQL function that takes marks to a refusal in words: which mark, what, how to mend it."""

from typing import Any

from event_manager.kit.errors import FieldError, NotFound, Problem
from event_manager.scoring.errors import CategoryLocked, JudgingClosed, MarksConflict, MarksRefused, NoRules, NoSeat
from event_manager.scoring.schemas import MarkIn

Answer = dict[str, Any]


def of_marks(answer: Answer, marks: list[MarkIn]) -> Problem:
    """The refusal for an answer that saved nothing."""
    match answer.get("refused"):
        case "no-category":
            return NotFound("There is no such category.")
        case "no-seat":
            return NoSeat("You have no active seat on the panel of this category.")
        case "locked":
            return CategoryLocked("The category, its contest or its event is locked: no mark can be changed.")
        case "no-rules":
            return NoRules("No rule set has been chosen for this category yet; ask the organiser to choose one.")
    faults: list[Answer] = answer["faults"]
    closed = next((f for f in faults if f["code"] == "closed"), None)
    if closed is not None:
        return JudgingClosed(f"The category is {closed['state']}: marks are taken only while it is being judged.")
    errors = [FieldError(f"/marks/{f['i']}/{_field(f['code'])}", _sentence(f, marks[f["i"]])) for f in faults]
    conflicts = [f for f in faults if f["code"] == "conflict"]
    if conflicts and len(conflicts) == len(faults):
        present = [{"key": marks[f["i"]].key, "value": f["value"], "revision": f["revision"]} for f in conflicts]
        return MarksConflict(
            "Another device changed these marks after you read them; look at them, then send again with the new "
            "revision.",
            errors=errors,
            extra={"present": present},
        )
    return MarksRefused(f"{len(errors)} of {len(marks)} marks cannot be accepted; none was saved.", errors=errors)


def _field(code: str) -> str:
    fields = {
        "unknown-entry": "entryId", "entry-out": "entryId", "recused": "entryId", "unknown-criterion": "criterionId",
        "unknown-part": "part", "out-of-range": "value", "off-step": "value", "conflict": "revision",
        "key-reused": "key", "twice": "entryId",
    }  # fmt: skip
    return fields[code]


def _sentence(fault: Answer, mark: MarkIn) -> str:
    match fault["code"]:
        case "unknown-entry":
            return "this entry is not in the category"
        case "entry-out":
            return f"this entry takes no marks: it is {fault['state']}"
        case "recused":
            return "you are recused from this entry"
        case "unknown-criterion":
            return "this criterion is not in the category"
        case "unknown-part":
            parts = ", ".join(f"'{part}'" for part in fault["parts"])
            return f"part must be one of {parts}" if parts else "the category has no parts: leave part empty"
        case "out-of-range":
            return f"{mark.value} is outside {fault['min']} to {fault['max']}"
        case "off-step":
            return f"{mark.value} is off the step: marks go from {fault['min']} in steps of {fault['step']}"
        case "conflict":
            return f"the mark is now {fault['value'] or 'taken back'} (revision {fault['revision']})"
        case "key-reused":
            return "this key was used for another mark: use a new key for each value"
    return "this mark, or its key, stands twice in the batch"
