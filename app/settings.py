"""Settings from the environment, under the names of the fields in capitals. An empty variable counts as unset."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, Json, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

DEVELOPMENT_ISSUER = "urn:rebound:development"
Profile = Literal["development", "production"]
Origin = Annotated[str, Field(pattern=r"^https?://[a-z0-9.-]+(:[0-9]{1,5})?$")]
"""Scheme, host and port of a page: always one by name, never a pattern for many."""

_ISSUER_NAMES = ("jwt_issuer", "jwt_audience", "jwks_url")


class Issuer(BaseModel):
    """Whose tokens are accepted, for which audience, and where the keys are published."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: Annotated[str, Field(min_length=1)]
    audience: Annotated[str, Field(min_length=1)]
    jwks_url: HttpUrl


class Settings(BaseSettings):
    """How this copy of the service is set up. Nothing clinical is a setting."""

    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True, hide_input_in_errors=True)

    profile: Profile = Field(
        "development",
        description="`production` refuses the embedded database, a missing issuer and addresses without https.",
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: Annotated[int, Field(ge=1, le=65535)] = Field(8000, description="Port to listen on.")
    workers: Annotated[int, Field(ge=1, le=64)] = Field(1, description="Processes that serve requests.")
    shutdown_delay_seconds: Annotated[float, Field(ge=0, le=300)] = Field(
        0, description="How long a service that is told to stop goes on listening while `/readyz` says no."
    )
    shutdown_grace_seconds: Annotated[int, Field(ge=1, le=600)] = Field(
        20, description="Longest wait for the answers under way once it listens no more."
    )

    data_dir: Path = Field(Path(".data"), description="Embedded database, development key and token.")
    database_url: SecretStr | None = Field(
        None, description="`postgresql://...`; unset starts the embedded PostgreSQL."
    )
    pool_size: Annotated[int, Field(ge=1, le=64)] = Field(
        4, description="Database connections for the requests of a process; 2 to 8 is best. One more is for `/readyz`."
    )
    pool_queue: Annotated[int, Field(ge=0, le=10_000)] = Field(
        64, description="Most requests that wait for a connection; one more is answered 503 at once."
    )
    pool_wait_seconds: Annotated[float, Field(gt=0, le=60)] = Field(
        2, description="Longest wait for a connection; then 503."
    )
    database_wait_seconds: Annotated[int, Field(ge=1, le=600)] = Field(
        30, description="How long a start waits for the database."
    )
    audit_seal_seconds: Annotated[int, Field(ge=1, le=3600)] = Field(
        10, description="How long an audit event waits for its seal."
    )
    query_timeout_seconds: Annotated[int, Field(ge=1, le=300)] = Field(10, description="Longest single statement.")
    request_timeout_seconds: Annotated[float, Field(gt=0, le=300)] = Field(
        15,
        description="Longest request, the arrival of its body included; then 408 or 503. A write is never cut in two.",
    )

    jwt_issuer: str | None = Field(None, description="`iss` of accepted tokens; unset takes the development issuer's.")
    jwt_audience: str | None = Field(None, description="`aud` of accepted tokens.")
    jwks_url: HttpUrl | None = Field(None, description="Where the issuer publishes its keys.")
    more_issuers: Json[tuple[Issuer, ...]] | None = Field(
        None, description="JSON list of further issuers: `issuer`, `audience` and `jwks_url` of each."
    )
    tenant_claim: str = Field("tenant_id", description="Token claim that names the tenant.")

    max_head_bytes: Annotated[int, Field(ge=1024, le=1_048_576)] = Field(
        16_384, description="Longest request address and headers together; then 431."
    )
    max_body_bytes: Annotated[int, Field(ge=1024)] = Field(1_048_576, description="Longest request body; then 413.")
    rate_limit_per_minute: Annotated[int, Field(ge=1, le=10_000_000)] | None = Field(
        None,
        description="Most requests of one caller in each process, all at once or spread; then 429. Unset: no limit.",
    )
    cors_origins: Annotated[tuple[Origin, ...], NoDecode] | None = Field(
        None, description="Origins whose pages may call, as `https://a.example https://b.example`; unset: none."
    )
    otel_exporter_otlp_endpoint: HttpUrl | None = Field(
        None, description="Collector that gets traces, OTLP over HTTP; unset records none. Needs the extra `otel`."
    )
    idempotency_hours: Annotated[int, Field(ge=24, le=720)] = Field(
        24, description="How long the answer to an `Idempotency-Key` is kept."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severe event written; logs hold ids, never patient data."
    )

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split(cls, written: object) -> object:
        return tuple(written.split()) if isinstance(written, str) else written

    @property
    def embedded(self) -> bool:
        """Whether the service runs its own PostgreSQL."""
        return self.database_url is None

    @property
    def issuers(self) -> tuple[Issuer, ...]:
        """Every configured issuer; none means the development issuer."""
        more = self.more_issuers or ()
        if self.jwt_issuer is None or self.jwt_audience is None or self.jwks_url is None:
            return more
        return Issuer(issuer=self.jwt_issuer, audience=self.jwt_audience, jwks_url=self.jwks_url), *more

    def faults(self) -> Iterator[str]:
        """Yield what must be set otherwise before the service may start, a sentence each."""
        missing = [name.upper() for name in _ISSUER_NAMES if getattr(self, name) is None]
        if 0 < len(missing) < len(_ISSUER_NAMES):
            yield f"Set {' and '.join(missing)} too: issuer, audience and key address belong together."
        if len({one.issuer for one in self.issuers}) < len(self.issuers):
            yield "Name every issuer once: an issuer has one audience and one key address."
        if self.shutdown_grace_seconds < self.request_timeout_seconds:
            yield "Set SHUTDOWN_GRACE_SECONDS to REQUEST_TIMEOUT_SECONDS or more: a stop must not cut a request."
        if self.profile == "production":
            yield from self._production_faults()

    def _production_faults(self) -> Iterator[str]:
        if self.embedded:
            yield "PROFILE=production needs DATABASE_URL: the embedded database is for trying the service out."
        if not self.issuers:
            yield "PROFILE=production needs JWT_ISSUER, JWT_AUDIENCE and JWKS_URL: its own issuer is for trying it."
        for one in self.issuers:
            yield from _issuer_faults(one)


def _issuer_faults(one: Issuer) -> Iterator[str]:
    if one.issuer == DEVELOPMENT_ISSUER:
        yield "PROFILE=production does not start with the development issuer: name your own in JWT_ISSUER."
    elif urlsplit(one.issuer).scheme != "https":
        yield "PROFILE=production needs issuers (JWT_ISSUER, MORE_ISSUERS) whose names are https addresses."
    if one.jwks_url.scheme != "https":
        yield "PROFILE=production fetches keys over https only: change JWKS_URL or jwks_url in MORE_ISSUERS."
