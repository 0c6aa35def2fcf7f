"""Calls to the outside world: one guarded HTTP client for webhooks and everything else a tenant may point somewhere.

`Guard` says which addresses may be connected to, `parse_url` which URLs may be saved, `Sender` sends a `Request` and
delivers a `Response`.
"""

from event_manager.kit.egress.addresses import Guard, is_public
from event_manager.kit.egress.messages import (
    BadHeader,
    ClientCertificate,
    Failure,
    Method,
    Request,
    Response,
    Timings,
    check_headers,
)
from event_manager.kit.egress.sender import Sender
from event_manager.kit.egress.urls import BadUrl, parse_url

__all__ = [
    "BadHeader",
    "BadUrl",
    "ClientCertificate",
    "Failure",
    "Guard",
    "Method",
    "Request",
    "Response",
    "Sender",
    "Timings",
    "check_headers",
    "is_public",
    "parse_url",
]
