"""Requests made up from the committed contract, good and bad: every answer is one that it describes.

Whatever the contract gains is tried here without a change. `make check` makes up the same requests each time; at night
there are twenty times as many from a new seed. How many there were stands at the end of the run.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck
from hypothesis import settings as drawn
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import CaseMetadata
from schemathesis.specs.openapi.checks import positive_data_acceptance

from app.knowledge.base import KnowledgeBase
from app.settings import Settings
from app.usecases.service import Service
from tests.api.conftest import NOW, make_app
from tests.api.serving import served
from tests.builders import body
from tests.made_up import MADE_UP
from tests.store.database import opened

NOT_AS_DESCRIBED = {
    "MALFORMED_JSON",
    "DUPLICATE_PROPERTY",
    "NESTED_TOO_DEEPLY",
    "BAD_REQUEST",
    "UNAUTHENTICATED",
    "MISSING_SCOPE",
    "METHOD_NOT_ALLOWED",
    "NOT_ACCEPTABLE",
    "BODY_TOO_SLOW",
    "BODY_TOO_LARGE",
    "UNSUPPORTED_MEDIA_TYPE",
    "INVALID_BODY",
    "INVALID_PARAMETER",
}
"""What is never said of a request that fits the contract. It may still name what does not exist, or hold facts that
contradict each other: that is more than a schema can say."""

AS_DESCRIBED_BUT_UNKNOWN = {"VERSION_NOT_LOADED"}

AFTER_MERGING = "application/merge-patch+json"
"""A merge patch is judged by what it makes of the resource, so its own schema leaves values open."""

KEY = "Idempotency-Key"
PATIENCE = 120
"""Seconds that a busy machine may take for an answer."""

numbers = count()

profile = drawn.get_profile(drawn.get_current_profile_name())
config = SchemathesisConfig.from_dict(
    {
        "seed": 1 if profile.derandomize else None,
        "request-timeout": PATIENCE,
        "checks": {"missing_required_header": {"expected-statuses": ["401", "428"]}},
    }
)
contract = schemathesis.openapi.from_path(Path(__file__).parents[2] / "openapi/openapi.yaml", config=config)
stored = contract.include(path_regex=r"^/v1/(episodes|plans)/\{id\}")
thoroughly = drawn(max_examples=profile.max_examples // 10, deadline=None, suppress_health_check=list(HealthCheck))

Case = schemathesis.Case[Any]


@pytest.fixture(scope="module")
def address(database_url: str, kb: KnowledgeBase, settings: Settings) -> Iterator[str]:
    """A service with a database, being served."""
    # Bodies with too many entries are too long for the tests' own limit.
    roomy = Settings(data_dir=settings.data_dir, request_timeout_seconds=PATIENCE)
    with served(make_app(Service(opened(database_url), kb, lambda: NOW), roomy)) as served_at:
        yield served_at


@pytest.fixture(scope="module")
def clinician(address: str, token: str) -> Iterator[httpx.Client]:
    """A caller who stores episodes."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=PATIENCE) as client:
        yield client


@pytest.fixture
def made_up(request: pytest.FixtureRequest) -> Iterator[Counter[str]]:
    """Counts requests by whether they fit the contract, for the line at the end of the run."""
    counted: Counter[str] = Counter()
    yield counted
    request.node.user_properties.append((MADE_UP, {"seed": str(config.seed), "counted": dict(counted)}))


@pytest.fixture
def made_up_and_served(made_up: Counter[str]) -> Iterator[Counter[str]]:
    """Counts as well, and wants an answer other than a refusal at least once."""
    yield made_up
    assert made_up["served"]


@contract.parametrize()
@thoroughly
def test_every_answer_is_one_that_the_contract_describes(
    case: Case, address: str, token: str, made_up: Counter[str]
) -> None:
    ask(case, address, token, made_up)


@stored.parametrize()
@thoroughly
def test_every_answer_about_what_is_stored_is_one_that_the_contract_describes(
    case: Case, address: str, token: str, clinician: httpx.Client, made_up_and_served: Counter[str]
) -> None:
    name_what_is_stored(case, clinician)
    ask(case, address, token, made_up_and_served)


def ask(case: Case, address: str, token: str, made_up: Counter[str]) -> None:
    """Send a request and hold the answer against the contract; a token that was made up wrong is sent as it is."""
    is_good = how_made(case).generation.mode.is_positive
    made_up["good" if is_good else "bad"] += 1
    name_it_anew(case)
    is_own_token = case.operation.schema.is_security_param_negated(case)
    headers = {} if is_own_token else {"Authorization": f"Bearer {token}"}
    answer = case.call_and_validate(base_url=address, headers=headers, excluded_checks=[positive_data_acceptance])
    made_up["served"] += answer.status_code < 300
    if is_good and answer.status_code >= 400 and case.media_type != AFTER_MERGING:
        problem = answer.json()
        said = {entry["code"] for entry in problem["errors"]}
        assert problem["code"] not in NOT_AS_DESCRIBED or said == AS_DESCRIBED_BUT_UNKNOWN


def how_made(case: Case) -> CaseMetadata:
    """Return what was done to make up a request."""
    assert case.meta is not None
    return case.meta


def name_it_anew(case: Case) -> None:
    """Give each creating request a key of its own, unless the key is what is tried: used again it would say no more."""
    is_tried = getattr(how_made(case).phase.data, "parameter", None) == KEY
    if KEY in case.headers and not is_tried and not how_made(case).is_negative_at(ParameterLocation.HEADER):
        case.headers[KEY] = f"made-up-{next(numbers)}"


def name_what_is_stored(case: Case, clinician: httpx.Client) -> None:
    """Store an episode for this request alone and put its id, and its version, where the request names one."""
    created = clinician.post("/v1/episodes", json=body())
    ids = {"episodes": created.json()["episode"]["id"], "plans": created.json()["plan"]["id"]}
    kind = case.operation.path.split("/")[2]
    if not how_made(case).is_negative_at(ParameterLocation.PATH):
        case.path_parameters["id"] = ids[kind]
    if "If-Match" in case.headers and not how_made(case).is_negative_at(ParameterLocation.HEADER):
        case.headers["If-Match"] = clinician.get(f"/v1/{kind}/{ids[kind]}").headers["ETag"]
