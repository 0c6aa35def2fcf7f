"""Collects what is wrong with input files, so that one run names all of it and a huge file stays harmless."""

from collections.abc import Sequence

from event_manager.tabulation.model import BadInput, Trouble, Where

MOST_NAMED = 50


class Troubles:
    """Troubles in the order found; keeps the first `MOST_NAMED` and counts the rest."""

    def __init__(self) -> None:
        self._named: list[Trouble] = []
        self._unnamed = 0

    def add(self, message: str, where: Where | None = None) -> None:
        """Note one thing wrong: what, how to mend it, and where."""
        if len(self._named) < MOST_NAMED:
            self._named.append(Trouble(message, where))
        else:
            self._unnamed += 1

    def __bool__(self) -> bool:
        return bool(self._named)

    def stop_if_any(self) -> None:
        """Raise `BadInput` with everything noted, by file and line, if anything is."""
        if self._named:
            more = [Trouble(f"and {self._unnamed} more; mend these first")] if self._unnamed else []
            raise BadInput([*_in_reading_order(self._named), *more])


def _in_reading_order(troubles: Sequence[Trouble]) -> list[Trouble]:
    """By file, as first met, and line; those without a place last."""
    files = list(dict.fromkeys(trouble.where.file for trouble in troubles if trouble.where))

    def place(trouble: Trouble) -> tuple[int, int]:
        where = trouble.where
        return (files.index(where.file), where.line) if where else (len(files), 0)

    return sorted(troubles, key=place)


def refused(file: str, message: str, line: int | None = None) -> BadInput:
    """The refusal of a whole file for one reason that leaves nothing else to look for."""
    if line is None:
        return BadInput([Trouble(f"{file} {message}")])
    return BadInput([Trouble(f"this file {message}", Where(file, line))])
