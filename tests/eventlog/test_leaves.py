"""The leaf that the database computes to seal is the leaf that Python computes to verify."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.rows import dict_row

from event_manager.eventlog import leaves
from event_manager.kit import migrate

TEXT = st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=40)
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "uuid": st.uuids(),
    "text": TEXT,
    "int2": st.integers(-(2**15), 2**15 - 1),
    "timestamptz": st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    "xid8": st.integers(0, 2**63 - 1),
    "bytea": st.binary(max_size=60),
}
ROWS = st.fixed_dictionaries(
    {name: KINDS[kind] if not nullable else st.none() | KINDS[kind] for name, kind, nullable in leaves.COLUMNS}
)


def test_sql_and_python_give_the_same_leaf(logins: migrate.Logins) -> None:
    with psycopg.connect(logins.owner, row_factory=dict_row) as conn:
        [columns] = conn.execute(
            "SELECT array_agg(attname::text ORDER BY attnum) AS names FROM pg_attribute"
            " WHERE attrelid = 'event_log'::regclass AND attnum > 0 AND NOT attisdropped"
        ).fetchall()
        assert sorted(columns["names"]) == sorted(name for name, _, _ in leaves.COLUMNS)
        places = {name: kind for name, kind, _ in leaves.COLUMNS}
        fields = ", ".join(
            f"%({name})s::text::xid8" if places[name] == "xid8" else f"%({name})s::{places[name]}"
            for name in columns["names"]
        )
        query = f"SELECT event_log_leaf(ROW({fields})::event_log) AS leaf"

        @settings(max_examples=300, deadline=None)
        @given(ROWS)
        def agree(row: dict[str, Any]) -> None:
            [answer] = conn.execute(query, row).fetchall()
            assert bytes(answer["leaf"]) == leaves.leaf(row)

        agree()


def test_a_null_is_not_an_empty_value_and_fields_do_not_run_together() -> None:
    nil = UUID(int=0)
    at = datetime(2026, 5, 1, tzinfo=UTC)
    values: dict[str, Any] = {"uuid": nil, "text": "", "int2": 0, "xid8": 0, "bytea": b"", "timestamptz": at}
    row = {name: values[kind] for name, kind, _ in leaves.COLUMNS}
    shifted = [{**row, "actor_name": "ab", "address": "c"}, {**row, "actor_name": "a", "address": "bc"}]

    assert leaves.leaf({**row, "actor_id": None}) != leaves.leaf(row)
    assert leaves.leaf(shifted[0]) != leaves.leaf(shifted[1])
