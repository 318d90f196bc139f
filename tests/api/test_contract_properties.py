"""Requests made up from the committed contract, good and bad: every answer is one that it describes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck
from hypothesis import settings as drawn
from schemathesis.specs.openapi.checks import positive_data_acceptance

from app.knowledge.base import KnowledgeBase
from app.settings import Settings
from app.usecases.service import Service
from tests.api.conftest import NOW, make_app
from tests.api.serving import served
from tests.store.database import opened

contract = schemathesis.openapi.from_path(Path(__file__).parents[2] / "openapi/openapi.yaml")


@pytest.fixture(scope="module")
def address(database_url: str, kb: KnowledgeBase, settings: Settings) -> Iterator[str]:
    """A service with a database, being served."""
    roomy = Settings(data_dir=settings.data_dir)  # bodies with too many entries are too long for the tests' own limit
    with served(make_app(Service(opened(database_url), kb, lambda: NOW), roomy)) as served_at:
        yield served_at


@contract.parametrize()
@drawn(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_the_contract_describes(
    case: schemathesis.Case[Any], address: str, token: str
) -> None:
    # Facts may contradict each other or the knowledge base in more ways than a schema can say.
    headers = {"Authorization": f"Bearer {token}"}
    case.call_and_validate(base_url=address, headers=headers, excluded_checks=[positive_data_acceptance])
