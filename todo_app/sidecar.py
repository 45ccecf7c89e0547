"""How a process talks to its Dapr sidecar: never blocking the event loop, and never without a deadline."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import grpc
from dapr.aio.clients.grpc.client import DaprGrpcClientAsync
from dapr.aio.clients.grpc.interceptors import DaprClientInterceptorAsync
from dapr.clients.exceptions import DaprGrpcError, DaprInternalError
from dapr.clients.http.dapr_invocation_http_client import DaprInvocationHttpClient
from dapr.clients.retry import RetryPolicy
from dapr.conf import settings as sdk_settings
from dapr.proto import api_service_v1

from todo_app.settings import Settings

HOST = "127.0.0.1"
DEADLINE = timedelta(seconds=5)
# Seconds. What gRPC does by itself, two minutes, would hide for so long that the sidecar is back.
_LONGEST_PAUSE_BETWEEN_CONNECTS = 1.0
_PROBE_SECONDS = 1
_PROBE_DEADLINE = timedelta(seconds=_PROBE_SECONDS)

_NOT_THERE = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED}


class SidecarUnavailable(Exception):
    """The sidecar is not there, or did not answer in time: wait, and try again."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A sidecar's app id, and the names of the components it has loaded."""

    app_id: str
    components: frozenset[str]


class Sidecar:
    """The sidecar of this process, which may start later than it, die, and come back.

    Nothing is connected before the first call. The SDK keeps the address and token for invocations in a
    variable of its module, so a process has one sidecar.
    """

    def __init__(self, settings: Settings) -> None:
        token = settings.dapr_api_token
        self._token = token.get_secret_value() if token else None
        self._address = f"{HOST}:{settings.dapr_grpc_port}"
        for_invocations = {
            "DAPR_RUNTIME_HOST": HOST,
            "DAPR_HTTP_PORT": settings.dapr_http_port,
            "DAPR_API_TOKEN": self._token,
            "DAPR_HEALTH_TIMEOUT": _PROBE_SECONDS,
        }
        for name, value in for_invocations.items():
            setattr(sdk_settings, name, value)
        self._client: _Client | None = None
        self._invocations: DaprInvocationHttpClient | None = None

    @contextlib.asynccontextmanager
    async def calling(self, deadline: timedelta = DEADLINE) -> AsyncIterator[DaprGrpcClientAsync]:
        """The SDK's client, for calls that take at most this long together.

        Raises:
            SidecarUnavailable: when the sidecar is not there or the time is over.
            grpc.RpcError, DaprInternalError: what the SDK raises when the sidecar says no.
        """
        async with _in_time(deadline):
            if self._client is None:
                self._client = _Client(self._address, self._token)
            yield self._client

    @contextlib.asynccontextmanager
    async def invoking(self, deadline: timedelta = DEADLINE) -> AsyncIterator[DaprInvocationHttpClient]:
        """The SDK's client for methods of other apps, whose calls take at most this long together.

        The one of gRPC is deprecated by the SDK for apps that speak HTTP.

        Raises:
            SidecarUnavailable: when the sidecar is not there or the time is over.
            DaprHttpError: when the other app can't be reached or answers with an error.
        """
        async with _in_time(deadline):
            if self._invocations is None:
                # Its constructor waits for the sidecar, and blocks meanwhile.
                self._invocations = await asyncio.to_thread(DaprInvocationHttpClient)
            yield self._invocations

    async def is_there(self) -> bool:
        """Whether it answers right now."""
        try:
            await self.loaded()
        except SidecarUnavailable:
            return False
        return True

    async def loaded(self) -> Loaded:
        """What it runs as, and with what.

        Raises:
            SidecarUnavailable: when it does not answer, or refuses to.
        """
        try:
            async with self.calling(_PROBE_DEADLINE) as client:
                answer = await client.get_metadata()
        except (grpc.RpcError, DaprInternalError) as error:
            raise SidecarUnavailable(f"The sidecar refuses to say what it is: {_says(error)}") from error
        return Loaded(answer.application_id, frozenset(each.name for each in answer.registered_components))

    async def close(self) -> None:
        """Let go of the connection."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()  # type: ignore[no-untyped-call]  # the SDK leaves it out


class _Client(DaprGrpcClientAsync):
    """The SDK's client, made in no time.

    Its own constructor waits for the sidecar with calls that block, and leaves no choice of how soon a lost
    connection is tried again.
    """

    def __init__(self, address: str, token: str | None) -> None:
        self.retry_policy = RetryPolicy(max_attempts=0)
        pause = int(_LONGEST_PAUSE_BETWEEN_CONNECTS * 1000)
        self._channel = grpc.aio.insecure_channel(
            address,
            options=[("grpc.initial_reconnect_backoff_ms", 100), ("grpc.max_reconnect_backoff_ms", pause)],
            interceptors=[DaprClientInterceptorAsync([("dapr-api-token", token)])] if token else [],
        )
        self._stub = api_service_v1.DaprStub(self._channel)  # type: ignore[no-untyped-call]  # made by protoc


@contextlib.asynccontextmanager
async def _in_time(deadline: timedelta) -> AsyncIterator[None]:
    seconds = deadline.total_seconds()
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise SidecarUnavailable(f"The sidecar did not answer within {seconds:g} s.") from error
    except aiohttp.ClientConnectionError as error:
        raise SidecarUnavailable(f"The sidecar is not there: {error}") from error
    except (grpc.RpcError, DaprInternalError) as error:
        if status_of(error) in _NOT_THERE:
            raise SidecarUnavailable(f"The sidecar is not there: {_says(error)}") from error
        raise


def status_of(error: grpc.RpcError | DaprInternalError) -> grpc.StatusCode | None:
    """What gRPC calls the failure; the SDK leaves it behind the errors of some calls."""
    failure = error.__cause__ if isinstance(error, DaprInternalError) else error
    return failure.code() if isinstance(failure, DaprGrpcError | grpc.aio.AioRpcError) else None


def _says(error: grpc.RpcError | DaprInternalError) -> str:
    return str(error.details() if isinstance(error, DaprGrpcError | grpc.aio.AioRpcError) else error)
