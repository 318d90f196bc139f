"""Settings from the environment, under the names of the fields in capitals. An empty variable counts as unset."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, HttpUrl, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Profile = Literal["development", "production"]
_NEEDED_IN_PRODUCTION = ("database_url", "jwt_issuer", "jwt_audience", "jwks_url")


class Settings(BaseSettings):
    """How this copy of the service is set up. Nothing clinical is a setting."""

    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True, hide_input_in_errors=True)

    profile: Profile = Field(
        "development", description="`production` refuses to start without database, issuer, audience and key address."
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: Annotated[int, Field(ge=1, le=65535)] = Field(8000, description="Port to listen on.")
    workers: Annotated[int, Field(ge=1, le=64)] = Field(1, description="Processes that serve requests.")

    data_dir: Path = Field(Path(".data"), description="Embedded database, development key and token.")
    database_url: SecretStr | None = Field(
        None, description="`postgresql://...`; unset starts the embedded PostgreSQL."
    )
    pool_size: Annotated[int, Field(ge=1, le=64)] = Field(
        4, description="Most database connections of a process; 2 to 8 is best."
    )
    database_wait_seconds: Annotated[int, Field(ge=1, le=600)] = Field(
        30, description="How long a start waits for the database."
    )
    query_timeout_seconds: Annotated[int, Field(ge=1, le=300)] = Field(10, description="Longest single statement.")

    jwt_issuer: str | None = Field(None, description="`iss` of accepted tokens; unset takes the development issuer's.")
    jwt_audience: str | None = Field(None, description="`aud` of accepted tokens.")
    jwks_url: HttpUrl | None = Field(None, description="Where the issuer publishes its keys.")
    tenant_claim: str = Field("tenant_id", description="Token claim that names the tenant.")

    max_body_bytes: Annotated[int, Field(ge=1024)] = Field(1_048_576, description="Longest request body.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severe event written; logs hold ids, never patient data."
    )

    @model_validator(mode="after")
    def _production_is_complete(self) -> Self:
        missing = [name.upper() for name in _NEEDED_IN_PRODUCTION if getattr(self, name) is None]
        if self.profile == "production" and missing:
            message = f"PROFILE=production needs {', '.join(missing)}"
            raise ValueError(message)
        return self

    @property
    def embedded(self) -> bool:
        """Whether the service runs its own PostgreSQL."""
        return self.database_url is None
