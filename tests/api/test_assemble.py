"""How the doors are hung: whose tokens they trust."""

import json
from pathlib import Path
from typing import Any

from app.api.assemble import _verifier
from app.api.development import AUDIENCE, DevelopmentKeys
from app.remote.jwks import PublishedKeys
from app.settings import DEVELOPMENT_ISSUER, Settings

OTHER = {"issuer": "https://other.example", "audience": "ward", "jwks_url": "https://other.example/keys"}
PUBLISHED: dict[str, Any] = {
    "jwt_issuer": "https://issuer.example",
    "jwt_audience": "clinic",
    "jwks_url": "https://issuer.example/keys",
    "more_issuers": json.dumps([OTHER]),
}


def test_without_a_configured_issuer_the_development_issuer_is_trusted(tmp_path: Path) -> None:
    verifier = _verifier(Settings(data_dir=tmp_path))
    (issuer,) = verifier.issuers.values()
    assert isinstance(issuer.keys, DevelopmentKeys)
    assert (issuer.name, issuer.audience, verifier.tenant_claim) == (DEVELOPMENT_ISSUER, AUDIENCE, "tenant_id")


def test_configured_issuers_are_trusted_by_their_published_keys_alone(tmp_path: Path) -> None:
    verifier = _verifier(Settings(data_dir=tmp_path, tenant_claim="org", **PUBLISHED))
    trusted = list(verifier.issuers.values())
    assert [(issuer.name, issuer.audience) for issuer in trusted] == [
        ("https://issuer.example", "clinic"),
        ("https://other.example", "ward"),
    ]
    assert all(isinstance(issuer.keys, PublishedKeys) for issuer in trusted)
    assert verifier.tenant_claim == "org"


def test_no_key_pair_is_made_before_a_token_is_checked(tmp_path: Path) -> None:
    _verifier(Settings(data_dir=tmp_path))
    assert list(tmp_path.iterdir()) == []
