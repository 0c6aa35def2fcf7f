"""What every command that touches an installation shares: its settings, and refusals as one line.

Nothing heavy is imported before it is used, so that `--help` answers at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from event_manager.kit.setup import SetupError

if TYPE_CHECKING:
    from event_manager.config import Settings

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="Folder of the embedded database and the key.")]


@contextmanager
def plain_errors() -> Iterator[None]:
    """A failed set-up is one line and exit code 1, never a traceback."""
    try:
        yield
    except SetupError as error:
        refuse(str(error))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def refuse(why: str) -> NoReturn:
    """Say why and end with exit code 1."""
    typer.echo(f"event-manager: {why}", err=True)
    raise typer.Exit(1) from None


def read_settings(*, port: int | None = None, host: str | None = None, data_dir: Path | None = None) -> "Settings":
    """The settings of the environment, with what the command line says. Raises SetupError naming the wrong ones."""
    from pydantic import ValidationError

    from event_manager.config import Settings

    given = {"port": port, "host": host, "data_dir": data_dir}
    try:
        settings = Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"{_variable(fault['loc'])}: {fault['msg']}, not {fault['input']!r}" for fault in error.errors()
        )
        raise SetupError(f"A setting cannot be used: {faults}. See docs/settings.md.") from None
    return settings.model_copy(update={name: value for name, value in given.items() if value is not None})


def _variable(location: tuple[int | str, ...]) -> str:
    """The environment variable a fault is about."""
    name = str(location[0]).upper() if location else "?"
    return name if name.startswith(("EVENT_MANAGER_", "DATABASE_URL", "LOG_LEVEL")) else f"EVENT_MANAGER_{name}"
