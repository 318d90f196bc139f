"""A service on a real database, called through a socket."""

from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from app.api.development import issue_token
from app.knowledge.base import KnowledgeBase
from app.settings import Settings
from app.usecases.service import Service
from tests.api.conftest import NOW, make_app
from tests.api.serving import served
from tests.store.database import opened


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Development settings with a data directory of their own."""
    return Settings(data_dir=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def address(database_url: str, kb: KnowledgeBase, settings: Settings) -> Iterator[str]:
    """A service being served."""
    with served(make_app(Service(opened(database_url), kb, lambda: NOW), settings)) as served_at:
        yield served_at


@pytest.fixture
def client(address: str, settings: Settings) -> Iterator[httpx.Client]:
    """A caller with every scope and a tenant of its own."""
    headers = {"Authorization": f"Bearer {issue_token(settings, tenant=f'tenant-{uuid4().hex}')}"}
    with httpx.Client(base_url=address, headers=headers, trust_env=False) as caller:
        yield caller
