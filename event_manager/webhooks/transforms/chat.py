"""Ready bodies for chat tools: any message as one human sentence with a link, in the shape the tool's hook wants.

Texts of a message come from people, so each tool's marks for formatting and for calling everybody are defused.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any

import orjson

from event_manager.webhooks.formats import Message

MAX_SENTENCE = 280
NAMED_BY = ("title", "name", "slug", "reason")
"""Members of a payload that say in words what it is about."""

_LINES = re.compile(r"\s+")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-!|~])")


def sentence(message: Message) -> str:
    """What happened, in one line without formatting: `Contest updated: Finals (title, places)`."""
    data = orjson.loads(message.body)
    said = _words(message.type)
    if isinstance(data, dict):
        about = next((text for key in NAMED_BY if isinstance(text := data.get(key), str) and text.strip()), "")
        said += f": {about}" if about else ""
        changes = data.get("changes")
        said += f" ({', '.join(map(_words_inside, changes))})" if isinstance(changes, dict) and changes else ""
    said = _LINES.sub(" ", said).strip()
    return said if len(said) <= MAX_SENTENCE else said[: MAX_SENTENCE - 1] + "…"


def _words(name: str) -> str:
    return name.replace(".", " ").replace("_", " ").capitalize()


def _words_inside(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()


def _context(message: Message) -> str:
    return f"{message.tenant_slug}, {message.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _markdown(text: str) -> str:
    """Plain text as Markdown; an invisible space after @ keeps it from calling anybody."""
    return _MARKDOWN.sub(r"\\\1", text).replace("@", "@\u200b")


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _slack(message: Message) -> dict[str, Any]:
    said = _entities(sentence(message))
    context = f"{_entities(_context(message))} · <{message.page_url}|Open>"
    return {
        "text": said,
        "blocks": [
            {"type": "section", "text": {"type": "plain_text", "text": sentence(message), "emoji": False}},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": context}]},
        ],
        "unfurl_links": False,
    }


def _teams(message: Message) -> dict[str, Any]:
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            {"type": "TextBlock", "text": _markdown(sentence(message)), "weight": "Bolder", "wrap": True},
            {"type": "TextBlock", "text": _context(message), "isSubtle": True, "spacing": "None", "wrap": True},
        ],
        "actions": [{"type": "Action.OpenUrl", "title": "Open", "url": message.page_url}],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _discord(message: Message) -> dict[str, Any]:
    return {
        "embeds": [
            {
                "title": "Open",
                "url": message.page_url,
                "description": _markdown(sentence(message)),
                "footer": {"text": message.tenant_slug},
                "timestamp": message.at.astimezone(UTC).isoformat(),
            }
        ],
        "allowed_mentions": {"parse": []},
    }


def _mattermost(message: Message) -> dict[str, Any]:
    text = f"{_markdown(sentence(message))}\n{_context(message)} · [Open]({message.page_url})"
    return {"text": text, "props": {"disable_group_highlight": True}}


def _google_chat(message: Message) -> dict[str, Any]:
    button = {"text": "Open", "onClick": {"openLink": {"url": message.page_url}}}
    card = {
        "header": {"title": sentence(message), "subtitle": _context(message)},
        "sections": [{"widgets": [{"buttonList": {"buttons": [button]}}]}],
    }
    return {"cardsV2": [{"cardId": message.id, "card": card}]}


TEMPLATES: Mapping[str, Callable[[Message], dict[str, Any]]] = {
    "slack": _slack,
    "teams": _teams,
    "discord": _discord,
    "mattermost": _mattermost,
    "google-chat": _google_chat,
}


def render_template(name: str, message: Message) -> bytes:
    """The JSON body that the chat tool `name` (a key of TEMPLATES; KeyError otherwise) takes for a message."""
    return orjson.dumps(TEMPLATES[name](message))
