"""The secrets that the sidecar reads for this process, from Kubernetes for example."""

from __future__ import annotations

import grpc

from todo_app.secrets.port import NotForThisProcess, SecretStoreUnavailable
from todo_app.sidecar import Sidecar, SidecarUnavailable


class DaprSecrets:
    """Each is a secret of its own in the store, so that each can be kept from an app by itself.

    Where a secret has several entries, as in Kubernetes, the one with the same name counts.
    """

    def __init__(self, sidecar: Sidecar, component: str) -> None:
        self._sidecar = sidecar
        self._component = component

    async def get(self, name: str) -> str | None:
        """The secret of this name, ``None`` when there is none.

        Raises:
            NotForThisProcess: when the process may not have it.
            SecretStoreUnavailable: when the store can't tell.
        """
        try:
            async with self._sidecar.calling() as client:
                secret: dict[str, str] = (await client.get_secret(self._component, name)).secret
        except SidecarUnavailable as error:
            raise SecretStoreUnavailable(str(error)) from error
        except grpc.aio.AioRpcError as error:
            if error.code() is grpc.StatusCode.PERMISSION_DENIED:
                raise NotForThisProcess(name) from error
            # Stores have no code for it, but they agree on the words.
            if error.code() is grpc.StatusCode.INTERNAL and "not found" in error.details():
                return None
            raise SecretStoreUnavailable(error.details()) from error
        return secret.get(name)
