"""The file of a backup: a zip with a manifest that names every other file and its checksum."""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from todo_app import owner_only
from todo_app.domain.errors import DomainError

_MANIFEST = "manifest.json"
_CHUNK = 1 << 20


class UnusableBackup(DomainError):
    """A backup that can't be made or restored; the message says why and what to do."""


class FileEntry(BaseModel):
    """One file of the archive."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bytes: int
    sha256: str


class Table(BaseModel):
    """One table of a PostgreSQL backup, whose rows are in the file ``tables/<name>``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    columns: list[str]


class Manifest(BaseModel):
    """What a backup holds and where it comes from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    product: Literal["punctual"] = "punctual"
    format: Literal[1] = 1
    version: str
    database: Literal["sqlite", "postgresql"]
    revision: str
    created_at: datetime
    # Tells whether two installations have the same secret key, and nothing about it.
    key_fingerprint: str
    tables: list[Table] = []
    files: dict[str, FileEntry] = {}


class ArchiveWriter:
    """Writes a backup beside its place and moves it there when it is complete."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._draft = file.with_name(f".{file.name}.{os.getpid()}.part")
        self._files: dict[str, FileEntry] = {}

    def __enter__(self) -> ArchiveWriter:
        # It holds the secret key and everybody's tasks: for its owner alone.
        self._raw = os.fdopen(os.open(self._draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b")
        self._zip = zipfile.ZipFile(self._raw, "w", zipfile.ZIP_DEFLATED, compresslevel=3)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()
        self._raw.close()
        with suppress(FileNotFoundError):
            self._draft.unlink()

    @contextmanager
    def member(self, name: str) -> Iterator[_Sink]:
        """A file of the archive to write into."""
        with self._zip.open(name, "w", force_zip64=True) as raw:
            sink = _Sink(raw)
            yield sink
        self._files[name] = FileEntry(bytes=sink.bytes, sha256=sink.digest.hexdigest())

    def add_file(self, name: str, source: Path) -> None:
        """A copy of a file."""
        with self.member(name) as sink, source.open("rb") as content:
            while chunk := content.read(_CHUNK):
                sink.write(chunk)

    def scratch(self, name: str) -> Path:
        """Where a file may lie for a while, on the disk that the backup goes to."""
        return self._draft.with_name(f"{self._draft.name}.{name}")

    def seal(self, manifest: Manifest) -> Manifest:
        """Add the manifest and move the archive to its place."""
        manifest = manifest.model_copy(update={"files": self._files})
        self._zip.writestr(_MANIFEST, manifest.model_dump_json(indent=2))
        self._zip.close()
        self._raw.flush()
        os.fsync(self._raw.fileno())
        self._draft.replace(self._file)
        return manifest


class _Sink:
    """Passes bytes on, and counts and digests them."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self.bytes = 0
        self.digest = hashlib.sha256()

    def write(self, chunk: bytes | bytearray | memoryview) -> None:
        self._raw.write(chunk)
        self.bytes += len(chunk)
        self.digest.update(chunk)


class Archive:
    """A backup to read.

    Raises:
        UnusableBackup: on opening, when the file is no backup of Punctual.
    """

    def __init__(self, file: Path) -> None:
        self.stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        try:
            self._zip = zipfile.ZipFile(file)
            self.manifest = Manifest.model_validate_json(self._zip.read(_MANIFEST))
        except (zipfile.BadZipFile, KeyError, ValidationError, EOFError):
            raise UnusableBackup(
                f"{file} is no backup of Punctual, or is cut off. Use another one."
            ) from None

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def verify(self) -> Manifest:
        """Read everything once and compare it with the manifest.

        Raises:
            UnusableBackup: when something is missing or altered.
        """
        for name, entry in self.manifest.files.items():
            try:
                intact = self._digest(name) == entry.sha256
            except (KeyError, zipfile.BadZipFile, zipfile.zlib.error, EOFError):  # type: ignore[attr-defined]
                intact = False
            if not intact:
                raise UnusableBackup(f"The backup is damaged ({name} has changed). Use another one.")
        return self.manifest

    def _digest(self, name: str) -> str:
        digest = hashlib.sha256()
        with self._zip.open(name) as content:
            while chunk := content.read(_CHUNK):
                digest.update(chunk)
        return digest.hexdigest()

    def read(self, name: str) -> bytes:
        """The content of a small file."""
        return self._zip.read(name)

    def chunks(self, name: str) -> Iterator[bytes]:
        """The content of a file, piece by piece."""
        with self._zip.open(name) as content:
            while chunk := content.read(_CHUNK):
                yield chunk

    def extract(self, name: str, target: Path) -> None:
        """Write a file to a path, for its owner alone; nothing may be there yet."""
        owner_only.make_folder(target.parent)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as copy, self._zip.open(name) as content:
            shutil.copyfileobj(content, copy, _CHUNK)
            copy.flush()
            os.fsync(copy.fileno())
