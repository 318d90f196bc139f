"""The container files, checked by reading: what they copy exists, nobody is root, every secret comes from outside."""

import re
from typing import Any

from app.settings import Settings
from app.store.roles import SERVICE_ROLE, STEWARD_ROLE
from tests.house.repository import ROOT, named, read_yaml, short, text

DOCKERFILE = text(ROOT / "Dockerfile")
COMPOSE: dict[str, Any] = read_yaml(ROOT / "docker-compose.yml")
KEYS = {
    "build", "cap_drop", "command", "configs", "depends_on", "environment", "healthcheck", "image", "ports",
    "read_only", "restart", "security_opt", "stop_grace_period", "tmpfs", "volumes",
}  # fmt: skip
SECRET = re.compile(r"\.(env|pem|key|p12|pfx|jks)$|secret|password|id_(rsa|ed25519)", re.IGNORECASE)
LANGUAGE = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}


def instructions(word: str) -> list[str]:
    """Return the arguments of each such instruction, continued lines joined."""
    whole = DOCKERFILE.replace("\\\n", " ")
    return [line.removeprefix(word).strip() for line in whole.splitlines() if line.startswith(f"{word} ")]


def test_what_the_image_copies_exists_and_is_let_in() -> None:
    sources = [line.split()[0] for line in instructions("COPY") if not line.startswith("--from")]
    assert sources
    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert [source for source in sources if f"!{source}" not in text(ROOT / ".dockerignore").splitlines()] == []


def test_the_image_is_built_in_two_stages_from_a_tagged_base() -> None:
    bases = [line.split()[0] for line in instructions("FROM")]
    assert len(bases) == 2
    assert all(re.fullmatch(r"python:3\.11-slim", base) for base in bases)


def test_the_packages_come_from_the_hash_locked_file() -> None:
    (install,) = [line for line in instructions("RUN") if "install" in line]
    assert "--require-hashes --requirement requirements.lock" in install


def test_the_service_does_not_run_as_root() -> None:
    assert instructions("USER") == ["10001"]


def test_the_health_check_needs_nothing_but_python() -> None:
    check = " ".join(instructions("HEALTHCHECK"))
    assert 'CMD ["python"' in check
    assert "/readyz" in check


def test_the_image_holds_no_secret() -> None:
    assert not re.search(r"PASSWORD|SECRET|TOKEN|KEY", DOCKERFILE)


def test_nothing_gets_into_the_image_but_what_is_named_for_it() -> None:
    everything, *named_again = [line for line in text(ROOT / ".dockerignore").splitlines() if not line.startswith("#")]
    assert everything == "*"
    assert {line for line in named_again if line.startswith("!")} == {"!app", "!migrations", "!requirements.lock"}
    inside = [path for folder in ("app", "migrations") for path in named("", folder)]
    assert inside
    assert [short(path) for path in inside if SECRET.search(path.name)] == []


def test_what_the_container_files_set_can_be_set() -> None:
    in_image = {word.partition("=")[0] for line in instructions("ENV") for word in line.split()}
    settings = {name.upper() for name in Settings.model_fields}
    assert {"PROFILE", "DATABASE_URL"} <= in_image | COMPOSE["x-service"]["environment"].keys() <= settings | LANGUAGE


def test_a_stopped_container_gets_the_time_that_the_service_takes() -> None:
    given = float(COMPOSE["x-service"]["stop_grace_period"].removesuffix("s"))
    assert (
        given
        > Settings.model_fields["shutdown_delay_seconds"].default
        + Settings.model_fields["shutdown_grace_seconds"].default
    )


def test_every_service_uses_known_keys_and_a_tagged_image() -> None:
    services = COMPOSE["services"]
    assert {key for service in services.values() for key in service} <= KEYS
    assert all(":" in service["image"] for service in services.values())
    assert services["database"]["image"] == "postgres:18"


def test_only_the_migration_gets_the_password_of_the_owner() -> None:
    holders = {name for name, one in COMPOSE["services"].items() if "POSTGRES_PASSWORD" in str(one["environment"])}
    assert holders == {"database", "migration"}
    made = COMPOSE["configs"]["login"]["content"]
    login = COMPOSE["services"]["service"]["environment"]["DATABASE_URL"].partition("//")[2].partition(":")[0]
    assert f"CREATE ROLE {login} LOGIN NOINHERIT" in made
    assert f"IN ROLE {SERVICE_ROLE}, {STEWARD_ROLE};" in made


def test_the_service_starts_after_the_migration_and_that_after_a_healthy_database() -> None:
    assert COMPOSE["services"]["migration"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert COMPOSE["services"]["service"]["depends_on"] == {
        "migration": {"condition": "service_completed_successfully"}
    }


def test_every_secret_comes_from_the_environment_and_is_asked_for() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", text(ROOT / "docker-compose.yml")))
    offered = dict(line.split("=", 1) for line in text(ROOT / ".env.example").splitlines() if re.match("[A-Z]", line))
    assert asked == offered.keys()
    assert offered["POSTGRES_PASSWORD"] == ""


def test_the_running_container_can_write_nowhere_and_gain_nothing() -> None:
    service = COMPOSE["services"]["service"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_container_is_given_the_time_that_the_service_takes_to_stop() -> None:
    given = int(COMPOSE["services"]["service"]["stop_grace_period"].removesuffix("s"))
    taken = (
        Settings.model_fields["shutdown_delay_seconds"].default
        + Settings.model_fields["shutdown_grace_seconds"].default
    )
    assert given > taken
