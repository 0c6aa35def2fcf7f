"""What receivers get, in each format; CloudEvents as the Python SDK reads them."""

import json
from datetime import datetime
from uuid import UUID

import pytest
from cloudevents.core.base import BaseCloudEvent
from cloudevents.core.bindings.http import HTTPMessage, from_http_event

from event_manager.webhooks.formats import LIMIT, Format, Rendered, document, message_id, render, withhold
from tests.webhooks.messages import BODY, CONTEST, CREATED, ENTRY, TENANT, USER, a_message, large_body

FORMATS: list[Format] = ["standard", "cloudevents-structured", "cloudevents-binary", "thin"]
ENVELOPE = {
    "type": "contest.created",
    "timestamp": "2026-05-01T12:00:00.123Z",
    "id": CREATED.id,
    "version": 1,
    "tenant": {"id": str(TENANT), "slug": "dance-club"},
    "entity": {"type": "contest", "id": str(CONTEST)},
    "actor": {"kind": "user", "id": str(USER)},
    "correlationId": "c0ffee00c0ffee00",
    "causationId": None,
}
ATTRIBUTES = {
    "specversion": "1.0",
    "id": CREATED.id,
    "source": "https://events.example/tenants/dance-club",
    "type": "contest.created",
    "time": datetime.fromisoformat("2026-05-01T12:00:00.123+00:00"),
    "subject": f"contest/{CONTEST}",
    "dataschema": "https://events.example/schemas/contest.created/1",
    "datacontenttype": "application/json",
    "tenantid": str(TENANT),
    "authtype": "app_user",
    "authid": str(USER),
    "correlationid": "c0ffee00c0ffee00",
    "partitionkey": str(CONTEST),
}


def read(rendered: Rendered) -> BaseCloudEvent:
    """The event as the SDK of a receiver sees it."""
    return from_http_event(HTTPMessage(dict(rendered.headers), rendered.body))


def test_a_message_id_is_the_entrys_id_in_plain_ascii() -> None:
    assert message_id(UUID("01930000-0000-7000-8000-0000000000aa")) == "evt_019300000000700080000000000000aa"
    assert message_id(ENTRY) == CREATED.id


def test_the_standard_form_is_the_envelope_with_the_payload() -> None:
    sent = render(CREATED, "standard")

    assert sent.headers == {"content-type": "application/json"}
    assert json.loads(sent.body) == {**ENVELOPE, "data": json.loads(BODY)}


def test_filters_and_transformations_see_the_standard_form_as_sent() -> None:
    assert document(CREATED) == json.loads(render(CREATED, "standard").body)


@pytest.mark.parametrize("form", ["standard", "cloudevents-structured", "cloudevents-binary"])
def test_stored_bytes_are_sent_as_they_are(form: Format) -> None:
    assert BODY in render(CREATED, form).body


def test_the_thin_form_names_the_entity_and_where_to_read_it() -> None:
    sent = render(CREATED, "thin")

    thin = {"type": "contest", "id": str(CONTEST), "url": CREATED.fetch_url}
    assert json.loads(sent.body) == {**ENVELOPE, "payloadOmitted": "by-choice", "data": thin}
    assert (sent.headers["webhook-payload-omitted"], sent.omitted) == ("by-choice", "by-choice")


@pytest.mark.parametrize(("form", "version"), [("cloudevents-structured", 1), ("cloudevents-binary", "1")])
def test_the_sdk_reads_a_cloudevent(form: Format, version: object) -> None:
    event = read(render(CREATED, form))

    assert event.get_attributes() == {**ATTRIBUTES, "typeversion": version}
    assert event.get_data() == json.loads(BODY)


@pytest.mark.parametrize("form", ["cloudevents-structured", "cloudevents-binary"])
def test_an_unsafe_text_survives_the_way_to_the_receiver(form: Format) -> None:
    event = read(render(a_message(correlation_id='Zoë "100 %"\r\nx: y', actor_id=None, actor_kind="robot"), form))

    assert event.get_extension("correlationid") == 'Zoë "100 %"\r\nx: y'
    assert event.get_extension("authtype") == "unknown"
    assert "authid" not in event.get_attributes()


@pytest.mark.parametrize("form", ["standard", "cloudevents-structured", "cloudevents-binary"])
def test_too_large_a_payload_is_left_out_and_marked(form: Format) -> None:
    sent = render(a_message(body=large_body(LIMIT + 1)), form)

    assert (sent.omitted, sent.headers["webhook-payload-omitted"]) == ("too-large", "too-large")
    assert len(sent.body) < 2000
    assert CREATED.fetch_url in sent.body.decode() + str(sent.headers)


@pytest.mark.parametrize("form", FORMATS)
def test_a_withheld_payload_is_in_no_format(form: Format) -> None:
    withheld = withhold(a_message(body=b'{"mark":"9.5"}'), "embargoed")

    sent = render(withheld, form)

    assert sent.omitted == "embargoed"
    assert "9.5" not in sent.body.decode() + str(sent.headers)
    assert document(withheld)["data"] == {"type": "contest", "id": str(CONTEST), "url": CREATED.fetch_url}


def test_a_cloudevent_refers_to_the_data_it_does_not_carry() -> None:
    message = a_message(body=large_body(LIMIT + 1))

    structured, binary = (read(render(message, form)) for form in FORMATS[1:3])

    assert structured.get_extension("dataref") == binary.get_extension("dataref") == CREATED.fetch_url
    assert (structured.get_data(), binary.get_data()) == (None, None)


@pytest.mark.parametrize("form", FORMATS)
def test_no_body_is_above_the_limit_at_the_edge(form: Format) -> None:
    sizes = [len(render(a_message(body=large_body(size)), form).body) for size in range(LIMIT - 1500, LIMIT + 3, 250)]

    assert max(sizes) <= LIMIT


def test_a_payload_of_just_the_limit_is_sent_whole_where_nothing_else_is_in_the_body() -> None:
    assert len(render(a_message(body=large_body(LIMIT)), "cloudevents-binary").body) == LIMIT
