"""A token for trying the service out."""

from pathlib import Path

import jwt
import pytest

from app.__main__ import main


def test_the_token_is_printed_and_left_in_the_data_directory(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert main(["token"]) == 0
    token = capsys.readouterr().out.strip()
    assert (tmp_path / "token").read_text() == token
    assert "tenant_id" in jwt.decode(token, options={"verify_signature": False})


def test_no_token_is_made_when_another_issuer_is_trusted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("JWT_ISSUER", "https://issuer.example")
    monkeypatch.setenv("JWT_AUDIENCE", "clinic")
    monkeypatch.setenv("JWKS_URL", "https://issuer.example/keys")
    assert main(["token"]) == 2
    assert "JWT_ISSUER" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
