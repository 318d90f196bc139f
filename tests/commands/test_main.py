"""The command line: what it says when something is set wrongly."""

import pytest

from app.__main__ import main


def test_a_wrong_setting_is_named_without_its_value(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "secret")
    assert main(["token"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("PORT: ")
    assert "secret" not in said


def test_an_incomplete_production_profile_is_told_what_it_needs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PROFILE", "production")
    for command in ("serve", "migrate", "token", "demo"):
        assert main([command]) == 2
        said = capsys.readouterr().err
        assert "PROFILE=production needs DATABASE_URL: " in said
        assert "PROFILE=production needs JWT_ISSUER, JWT_AUDIENCE and JWKS_URL: " in said


def test_without_a_command_the_commands_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([])
    assert "demo" in capsys.readouterr().err
