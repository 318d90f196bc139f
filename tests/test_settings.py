"""Settings come from the environment and production is complete or does not start."""

import pytest
from pydantic import ValidationError

from app.settings import Settings

PRODUCTION = {
    "PROFILE": "production",
    "DATABASE_URL": "postgresql://rebound:secret@database/rebound",
    "JWT_ISSUER": "https://issuer.example",
    "JWT_AUDIENCE": "rebound",
    "JWKS_URL": "https://issuer.example/keys",
}


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def from_environment(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return Settings()


def test_nothing_has_to_be_set_to_try_the_service() -> None:
    settings = Settings()
    assert settings.embedded
    assert (settings.profile, settings.host, settings.port) == ("development", "127.0.0.1", 8000)


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = from_environment(monkeypatch, {"DATABASE_URL": "", "PORT": ""})
    assert settings.embedded
    assert settings.port == 8000


def test_production_starts_when_everything_it_needs_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not from_environment(monkeypatch, PRODUCTION).embedded


@pytest.mark.parametrize("missing", [name for name in PRODUCTION if name != "PROFILE"])
def test_production_names_what_is_missing_and_does_not_start(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    variables = {name: value for name, value in PRODUCTION.items() if name != missing}
    with pytest.raises(ValidationError, match=rf"PROFILE=production needs {missing} \["):
        from_environment(monkeypatch, variables)


@pytest.mark.parametrize(("name", "value"), [("PORT", "0"), ("PORT", "65536"), ("POOL_SIZE", "0"), ("WORKERS", "65")])
def test_a_value_one_step_outside_its_range_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(ValidationError, match=name.lower()):
        from_environment(monkeypatch, {name: value})


def test_the_password_of_the_database_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "secret" not in repr(from_environment(monkeypatch, PRODUCTION))


def test_a_refused_value_is_not_repeated_in_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError) as refused:
        from_environment(monkeypatch, {"PORT": "secret"})
    assert "secret" not in str(refused.value)
