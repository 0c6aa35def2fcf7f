"""The reference page of the settings, written from `Settings`: ``python -m tests.house.settings_page``."""

from pathlib import Path

from pydantic import AliasChoices
from pydantic.fields import FieldInfo

from event_manager.config import Settings

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"
HEAD = """# Settings

Every setting is an environment variable, and every one is optional. Names and values are read once, when a command
starts; a wrong value is named and nothing starts. Options such as `--port` and `--data-dir` go before the environment.
Lists are JSON: `EVENT_MANAGER_TRUSTED_PROXIES='["127.0.0.1"]'`.

This page is written from `event_manager/config.py` by `python -m tests.house.settings_page`, and a test compares them.

| variable | default | what it does |
|---|---|---|
"""
FOOT = """
What the set-up itself reads (place of data and caches, user of the embedded server, browser of the tests) is in
[Set-up](set-up.md#settings-of-the-set-up).
"""


def variables(name: str, field: FieldInfo) -> list[str]:
    """The environment variables that set a field, the preferred one first."""
    if isinstance(field.validation_alias, AliasChoices):
        return [str(choice) for choice in field.validation_alias.choices if str(choice).isupper()]
    return [f"{Settings.model_config['env_prefix']}{name}".upper()]


def default(field: FieldInfo) -> str:
    """A field's default as the page shows it."""
    value = field.get_default(call_default_factory=True, validated_data={})
    return f"`{value}`" if value not in (None, "", []) else "unset"


def render() -> str:
    """The whole page."""
    rows = [
        f"| {', '.join(f'`{v}`' for v in variables(name, field))} | {default(field)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return HEAD + "\n".join(rows) + "\n" + FOOT


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
