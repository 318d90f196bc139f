"""Settings come from the environment and production is complete or does not start."""

import json

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


def test_nothing_is_wrong_with_settings_to_try_the_service() -> None:
    assert list(Settings().faults()) == []


def test_nothing_is_wrong_when_everything_that_production_needs_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = from_environment(monkeypatch, PRODUCTION)
    assert not settings.embedded
    assert list(settings.faults()) == []


NO_ISSUER = {"JWT_ISSUER": "", "JWT_AUDIENCE": "", "JWKS_URL": ""}
UNFIT: dict[str, tuple[dict[str, str], str]] = {
    "the embedded database": ({"DATABASE_URL": ""}, "PROFILE=production needs DATABASE_URL"),
    "no issuer": (NO_ISSUER, "PROFILE=production needs JWT_ISSUER, JWT_AUDIENCE and JWKS_URL"),
    "the development issuer": ({"JWT_ISSUER": "urn:rebound:development"}, "does not start with the development issuer"),
    "an issuer over http": ({"JWT_ISSUER": "http://issuer.example"}, "issuers (JWT_ISSUER, MORE_ISSUERS) whose names"),
    "keys over http": ({"JWKS_URL": "http://issuer.example/keys"}, "fetches keys over https only"),
}


def another(**changes: str) -> str:
    """Return MORE_ISSUERS with one issuer."""
    good = {"issuer": "https://other.example", "audience": "ward", "jwks_url": "https://other.example/keys"}
    return json.dumps([good | changes])


UNFIT |= {
    "a further issuer over http": (
        {"MORE_ISSUERS": another(issuer="http://other.example")},
        UNFIT["an issuer over http"][1],
    ),
    "further keys over http": ({"MORE_ISSUERS": another(jwks_url="http://other.example")}, UNFIT["keys over http"][1]),
}


@pytest.mark.parametrize("unfit", UNFIT)
def test_what_is_unfit_for_production_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch, unfit: str) -> None:
    changes, sentence = UNFIT[unfit]
    (fault,) = from_environment(monkeypatch, PRODUCTION | changes).faults()
    assert sentence in fault


@pytest.mark.parametrize("unfit", UNFIT)
def test_what_is_unfit_for_production_will_do_for_development(monkeypatch: pytest.MonkeyPatch, unfit: str) -> None:
    changes, _ = UNFIT[unfit]
    assert list(from_environment(monkeypatch, PRODUCTION | changes | {"PROFILE": ""}).faults()) == []


@pytest.mark.parametrize("profile", ["development", "production"])
@pytest.mark.parametrize("missing", NO_ISSUER)
def test_an_issuer_that_is_half_configured_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, missing: str, profile: str
) -> None:
    faults = from_environment(monkeypatch, PRODUCTION | {missing: "", "PROFILE": profile}).faults()
    assert next(faults).startswith(f"Set {missing} too")


def test_an_issuer_that_is_named_twice_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = another(issuer=PRODUCTION["JWT_ISSUER"])
    (fault,) = from_environment(monkeypatch, PRODUCTION | {"MORE_ISSUERS": twice}).faults()
    assert fault.startswith("Name every issuer once")


def test_further_issuers_stand_beside_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    issuers = from_environment(monkeypatch, PRODUCTION | {"MORE_ISSUERS": another()}).issuers
    assert [(one.issuer, one.audience, str(one.jwks_url)) for one in issuers] == [
        ("https://issuer.example", "rebound", "https://issuer.example/keys"),
        ("https://other.example", "ward", "https://other.example/keys"),
    ]


@pytest.mark.parametrize(
    "value", ["{", "{}", '[{"issuer": "https://other.example"}]', another(secret="x"), another(audience="")]
)
def test_further_issuers_that_cannot_be_read_are_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    with pytest.raises(ValidationError, match="more_issuers"):
        from_environment(monkeypatch, {"MORE_ISSUERS": value})


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


@pytest.mark.parametrize(("hours", "fits"), [("23", False), ("24", True), ("720", True), ("721", False)])
def test_answers_to_keys_are_kept_for_a_day_to_a_month(monkeypatch: pytest.MonkeyPatch, hours: str, fits: bool) -> None:
    monkeypatch.setenv("IDEMPOTENCY_HOURS", hours)
    if fits:
        assert Settings().idempotency_hours == int(hours)
    else:
        with pytest.raises(ValidationError, match="idempotency_hours"):
            Settings()
