"""Cursors that somebody made up."""

import base64
import json

import pytest

from event_manager.contests.models import Participant
from event_manager.kit.paging import BadCursor, decode

COLUMNS = [Participant.name_key, Participant.id]
SOME_ID = "01a2077f-2451-7811-ae20-1677f582bd16"


HALF_PAIR, CONTROL = f'["\\ud800", "{SOME_ID}"]', f'["a\\u0000", "{SOME_ID}"]'


@pytest.mark.parametrize("raw", ["", "null", "[]", '["a"]', '["a", "b"]', "[" * 5000, HALF_PAIR, CONTROL])
def test_a_cursor_that_no_page_gave_is_refused(raw: str) -> None:
    with pytest.raises(BadCursor):
        decode(base64.urlsafe_b64encode(raw.encode()).decode(), COLUMNS)


def test_a_cursor_with_any_name_is_read_back() -> None:
    raw = json.dumps(["zoë 👩\u200d🚀", SOME_ID])

    assert decode(base64.urlsafe_b64encode(raw.encode()).decode(), COLUMNS)[0] == "zoë 👩\u200d🚀"
