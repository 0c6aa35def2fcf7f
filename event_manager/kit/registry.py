"""Plug-ins by scanning a package: one file is one class, its ``kind`` equals the file's name."""

import importlib
import pkgutil
from types import ModuleType
from typing import Generic, Protocol, TypeVar


class Plugin(Protocol):
    """What a plug-in class must have."""

    kind: str


P = TypeVar("P", bound=Plugin)


class Registry(Generic[P]):
    """The plug-in classes of one package, found once. LookupError names what exists when a kind is unknown."""

    def __init__(self, package: ModuleType, base: type[P]) -> None:
        self._package, self._base = package, base
        self._found: dict[str, type[P]] | None = None

    def all(self) -> dict[str, type[P]]:
        """Every class by kind. TypeError when a file holds none, several, or one of another name."""
        if self._found is None:
            self._found = dict(self._scan(name) for name in self._names())
        return self._found

    def get(self, kind: str) -> type[P]:
        """One class by kind."""
        try:
            return self.all()[kind]
        except KeyError:
            raise LookupError(f"there is no '{kind}'; there are: {', '.join(sorted(self.all()))}") from None

    def _names(self) -> list[str]:
        paths = list(self._package.__path__)
        return sorted(m.name for m in pkgutil.iter_modules(paths) if not m.name.startswith("_"))

    def _scan(self, name: str) -> tuple[str, type[P]]:
        module = importlib.import_module(f"{self._package.__name__}.{name}")
        own = [
            value
            for value in vars(module).values()
            if isinstance(value, type) and issubclass(value, self._base) and value.__module__ == module.__name__
        ]
        if len(own) != 1 or own[0].kind != name:
            raise TypeError(f"{module.__name__} must hold exactly one {self._base.__name__} with kind '{name}'")
        return name, own[0]
