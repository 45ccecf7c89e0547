"""Every environment variable the application reads, in one place."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRET_KEY_MIN = 32


class Settings(BaseSettings):
    """Configuration from ``TODO_*`` variables and an optional ``.env`` file."""

    model_config = SettingsConfigDict(
        env_prefix="TODO_",
        env_file=".env",
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
    )

    port: int = Field(3000, ge=1, le=65535, description="Port that serves the page, the API and the socket.")
    host: str = Field("127.0.0.1", description="Address to listen on; 0.0.0.0 lets other machines in.")
    data_dir: Path = Field(Path("data"), description="Folder of the SQLite database and the secret key.")
    database_url: str | None = Field(
        None,
        description="sqlite:///file or postgresql://…; by default punctual.db in the data folder.",
    )
    mode: Literal["embedded", "dapr"] = Field(
        "embedded",
        description="How events travel: inside this process, or by Dapr between many.",
    )
    redis_url: SecretStr | None = Field(
        None, description="redis://host:6379; several web processes keep what their pages show there."
    )
    secret_store: str | None = Field(
        None, description="Dapr secret store whose values stand for variables that are not set."
    )
    kafka_brokers: str | None = Field(
        None, description="host:port of Kafka brokers, with commas between; for the commands `events …`."
    )
    kafka_username: str | None = Field(None, description="Name to log in to Kafka with, by SCRAM-SHA-256.")
    kafka_password: SecretStr | None = Field(None, description="Password to log in to Kafka with.")
    kafka_tls: bool = Field(default=False, description="Talk to Kafka by TLS.")
    base_url: str | None = Field(
        None, description="Public address, e.g. https://todo.example.org; https makes cookies Secure."
    )
    smtp_url: SecretStr | None = Field(
        None, description="smtp://user:password@host:587 or smtps://…; without it no mail is sent."
    )
    mail_from: str = Field("punctual@localhost", description="Sender of mails.")
    vapid_private_key: SecretStr | None = Field(
        None,
        description="Key that signs Web Push, 32 bytes in base64url; by default made from the secret key.",
    )
    vapid_subject: str | None = Field(
        None,
        description="mailto: or https: address where push services can complain; by default that of mails.",
    )
    allow_private_targets: bool = Field(
        default=False,
        description="Let notifications and webhooks go to local addresses, e.g. a chat server in the house.",
    )
    secret_key: SecretStr | None = Field(
        None,
        description="Seals the audit log, at least 32 characters; by default made in the data folder.",
    )
    session_days: int = Field(30, ge=1, le=365, description="Days until an unused log-in ends.")
    trash_days: int = Field(30, ge=1, description="Days after which deleted tasks are removed for good.")
    api_requests_per_minute: int = Field(
        18_000, ge=1, description="How many requests a token, or a person's pages, may make of the REST API."
    )
    api_origins: str | None = Field(
        None,
        description="Sites whose pages may call the REST API with a token, with commas between; else none.",
    )
    token: SecretStr | None = Field(None, description="API token that `python -m todo_app mcp` acts with.")
    llm_provider: Literal["openai", "anthropic"] = Field(
        "openai",
        description="Whose way of talking the assistant's model understands; openai is what most do.",
    )
    llm_url: str | None = Field(
        None, description="Where the model is, e.g. http://localhost:11434/v1; by default its maker's."
    )
    llm_model: str | None = Field(
        None, description="The model's name; without one the assistant works by itself, and calls nobody."
    )
    llm_key: SecretStr | None = Field(None, description="The key for it.")
    llm_tokens_per_day: int = Field(
        200_000,
        ge=0,
        description="Tokens that one person may use of it in a day; then the assistant goes on by itself.",
    )
    llm_seconds: float = Field(
        60.0, gt=0, le=80, description="Seconds that it gets for one answer; what it did by then stays."
    )
    metrics_token: SecretStr | None = Field(None, description="Bearer token for /metrics from elsewhere.")
    # Dapr's own names, which its injector sets; without a prefix.
    dapr_grpc_port: int = Field(
        50001, ge=1, le=65535, validation_alias="DAPR_GRPC_PORT", description="The sidecar's port for gRPC."
    )
    dapr_http_port: int = Field(
        3500, ge=1, le=65535, validation_alias="DAPR_HTTP_PORT", description="Its port for invocations."
    )
    dapr_api_token: SecretStr | None = Field(
        None, validation_alias="DAPR_API_TOKEN", description="What the sidecar asks of the app."
    )
    app_api_token: SecretStr | None = Field(
        None, validation_alias="APP_API_TOKEN", description="What the app asks of its sidecar."
    )

    @field_validator("database_url")
    @classmethod
    def _is_of_a_known_kind(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("sqlite:///", "postgresql://", "postgres://")):
            raise ValueError("use sqlite:///file or postgresql://user:password@host/name")
        return url

    @field_validator("api_origins")
    @classmethod
    def _are_origins(cls, origins: str | None) -> str | None:
        for origin in (origins or "").split(","):
            if origins and not re.fullmatch(r"https?://[^/\s*]+", origin.strip()):
                raise ValueError("use https://example.org, with commas between several")
        return origins

    @field_validator("vapid_private_key")
    @classmethod
    def _is_a_key(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and not re.fullmatch(r"[A-Za-z0-9_-]{43}=?", key.get_secret_value()):
            raise ValueError("use 32 bytes in base64url, which are 43 characters")
        return key

    @field_validator("vapid_subject")
    @classmethod
    def _is_a_contact(cls, subject: str | None) -> str | None:
        if subject is not None and not subject.startswith(("mailto:", "https:")):
            raise ValueError("use mailto:somebody@example.org or https://example.org")
        return subject

    @field_validator("secret_key")
    @classmethod
    def _is_long_enough(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and len(key.get_secret_value()) < SECRET_KEY_MIN:
            raise ValueError(f"use at least {SECRET_KEY_MIN} random characters")
        return key

    @cached_property
    def public_url(self) -> str:
        """The address people use, without a trailing slash."""
        return (self.base_url or f"http://localhost:{self.port}").rstrip("/")

    @property
    def api_origin_list(self) -> list[str]:
        """The origins that may call the REST API from a browser."""
        return [origin.strip() for origin in (self.api_origins or "").split(",") if origin.strip()]

    @property
    def cookies_secure(self) -> bool:
        """Whether cookies are sent over https alone."""
        return self.public_url.startswith("https://")

    @property
    def sqlite_file(self) -> Path | None:
        """The file of a SQLite database, ``None`` for another one."""
        scheme, _, path = self.async_database_url.partition(":///")
        return Path(path) if scheme.startswith("sqlite") else None

    @property
    def async_database_url(self) -> str:
        """The database URL with the async driver named."""
        url = self.database_url or f"sqlite:///{(self.data_dir / 'punctual.db').resolve()}"
        scheme, rest = url.split("://", 1)
        drivers = {
            "sqlite": "sqlite+aiosqlite",
            "postgresql": "postgresql+psycopg",
            "postgres": "postgresql+psycopg",
        }
        return f"{drivers.get(scheme, scheme)}://{rest}"

    @property
    def libpq_url(self) -> str:
        """The URL of a PostgreSQL database as its own client library reads it."""
        return self.async_database_url.replace("postgresql+psycopg://", "postgresql://", 1)
