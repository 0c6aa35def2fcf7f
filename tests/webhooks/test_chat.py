"""Ready templates: one sentence and a link, in the shape of each chat tool, whatever the message holds."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from event_manager.webhooks.formats import LIMIT
from event_manager.webhooks.transforms.chat import MAX_SENTENCE, TEMPLATES, render_template, sentence
from tests.webhooks.messages import CREATED, a_message, large_body

HOSTILE = "<!channel> @everyone [x](http://evil.example) *b* & <http://evil.example|y>"
WHEN = "dance-club, 2026-05-01 12:00 UTC"
LINK = CREATED.page_url


def body(name: str, title: str) -> Any:
    return json.loads(render_template(name, a_message(body=json.dumps({"title": title}).encode())))


@pytest.mark.parametrize(
    ("type_", "payload", "said"),
    [
        ("contest.created", b'{"title":"Finals"}', "Contest created: Finals"),
        ("contestant.checked_in", b"{}", "Contestant checked in"),
        ("score.submitted", b'{"marks":{"a":"9.5"}}', "Score submitted"),
        ("contest.updated", b'{"title":"Finals","changes":{"startsAt":[1,2],"title":[1,2]}}',
         "Contest updated: Finals (starts at, title)"),
        ("conflict.declared", b'{"reason":"my\\n\\n cousin"}', "Conflict declared: my cousin"),
        ("tenant.updated", b'{"title":" ","name":7,"slug":"x","changes":[]}', "Tenant updated: x"),
        ("a.b", b"[1]", "A b"),
    ],
)  # fmt: skip
def test_a_message_is_one_sentence_without_marks(type_: str, payload: bytes, said: str) -> None:
    assert sentence(a_message(type=type_, body=payload)) == said


def test_slack() -> None:
    assert body("slack", "Zoë & Bo")["text"] == "Contest created: Zoë &amp; Bo"
    assert body("slack", "Finals")["blocks"] == [
        {"type": "section", "text": {"type": "plain_text", "text": "Contest created: Finals", "emoji": False}},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": f"{WHEN} · <{LINK}|Open>"}]},
    ]


def test_teams() -> None:
    sent = body("teams", "Finals")
    card = sent["attachments"][0]["content"]

    assert (sent["type"], sent["attachments"][0]["contentType"], card["type"]) == (
        *("message", "application/vnd.microsoft.card.adaptive", "AdaptiveCard"),
    )
    assert [block["text"] for block in card["body"]] == ["Contest created: Finals", WHEN]
    assert card["actions"] == [{"type": "Action.OpenUrl", "title": "Open", "url": LINK}]


def test_discord() -> None:
    sent = body("discord", "Finals")

    assert sent["allowed_mentions"] == {"parse": []}
    assert sent["embeds"] == [
        {
            "title": "Open",
            "url": LINK,
            "description": "Contest created: Finals",
            "footer": {"text": "dance-club"},
            "timestamp": "2026-05-01T12:00:00.123456+00:00",
        }
    ]


def test_mattermost() -> None:
    assert body("mattermost", "Finals")["text"] == f"Contest created: Finals\n{WHEN} · [Open]({LINK})"


def test_google_chat() -> None:
    card = body("google-chat", "Finals")["cardsV2"][0]["card"]

    assert card["header"] == {"title": "Contest created: Finals", "subtitle": WHEN}
    assert card["sections"][0]["widgets"][0]["buttonList"]["buttons"][0]["onClick"] == {"openLink": {"url": LINK}}


def test_a_title_can_neither_format_nor_link_nor_call_anybody() -> None:
    slack, teams, discord, mattermost = (body(name, HOSTILE) for name in ["slack", "teams", "discord", "mattermost"])
    escaped = (
        r"Contest created: \<\!channel\> @" + "\u200b" + r"everyone \[x\]\(http://evil.example\) \*b\* & "
        r"\<http://evil.example\|y\>"
    )

    assert slack["text"].startswith("Contest created: &lt;!channel&gt;")
    assert slack["blocks"][0]["text"]["type"] == "plain_text"
    assert teams["attachments"][0]["content"]["body"][0]["text"] == escaped
    assert discord["embeds"][0]["description"] == escaped
    assert mattermost["text"].startswith(escaped)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_stays_small_for_a_huge_message(name: str) -> None:
    huge = a_message(body=large_body(10 * LIMIT).replace(b"text", b"name"))

    assert len(sentence(huge)) == MAX_SENTENCE
    assert len(render_template(name, huge)) < 4000


@given(
    st.dictionaries(
        st.sampled_from(["title", "reason", "changes", "x"]), st.text() | st.dictionaries(st.text(), st.none())
    )
)
def test_every_template_takes_every_message(payload: object) -> None:
    message = a_message(body=json.dumps(payload).encode())

    for name in TEMPLATES:
        assert LINK in render_template(name, message).decode()
