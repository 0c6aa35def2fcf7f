"""The API keeps its own document: generated requests, right and wrong ones, never meet a fault of the server.

Every operation is called with values made from the OpenAPI document (schemathesis: boundaries, then random ones), as
somebody who may call it, with ids that exist. EVENT_MANAGER_LONG_TESTS=1 tries more.
"""

import os
from typing import Any

import schemathesis
from schemathesis import Case
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi import checks

from event_manager.app import describe
from event_manager.config import Settings
from tests.contracts.conftest import Service, with_real_ids

EXAMPLES = 100 if os.environ.get("EVENT_MANAGER_LONG_TESTS") else 2
# A request that fits the document may still be refused by the state of a contest; an address such as events/order also
# fits the template of another one, events/{eventId}.
UNSOUND = [
    checks.positive_data_acceptance,
    checks.unsupported_method,
    checks.allow_header_conformance,
]
CONFIG = SchemathesisConfig.from_dict(
    {
        "seed": 1,
        "cache": {"enabled": False},
        "phases": {"coverage": {"unexpected-methods": []}},
        "generation": {
            "max-examples": EXAMPLES,
            "deterministic": True,
            "database": "none",
            "with-security-parameters": False,
        },
    }
)
schema = schemathesis.openapi.from_dict(describe(Settings(database_url=None)), config=CONFIG)


@schema.parametrize()
def test_no_request_meets_a_fault_and_every_answer_is_documented(case: Case[Any], service: Service) -> None:
    operation = (case.operation.method.upper(), case.operation.path)
    ids = service.ids(operation)
    case.path_parameters.update(with_real_ids(case.path_parameters, ids))
    if isinstance(case.body, dict):
        case.body = with_real_ids(case.body, ids)

    case.call_and_validate(
        base_url=service.url,
        headers=service.headers(operation),
        timeout=20,
        excluded_checks=UNSOUND,
    )
