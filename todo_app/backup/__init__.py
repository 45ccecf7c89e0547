"""One file that holds everything: the database and the secret key, written while the app runs."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from todo_app import __version__, secret_key
from todo_app.backup import postgresql, sqlite
from todo_app.backup.archive import Archive, ArchiveWriter, Manifest, UnusableBackup
from todo_app.data_lock import alone
from todo_app.migrations import known_revisions
from todo_app.settings import Settings

_KEY = "secret.key"


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore has done; ``kept`` says where the data lies that was there before."""

    manifest: Manifest
    kept: str | None
    key_differs: bool


def back_up(settings: Settings, file: Path) -> Manifest:
    """Write a backup to ``file``, which is complete or is not there at all.

    Raises:
        UnusableBackup: when there is no database yet.
        OSError: when the file can't be written.
    """
    with ArchiveWriter(file) as archive:
        if settings.secret_key is None:
            secret_key.secret_key(settings)  # makes the file when there is none
            archive.add_file(_KEY, settings.data_dir / secret_key.FILE)
        database = settings.sqlite_file
        contents = sqlite.dump(database, archive) if database else postgresql.dump(_url(settings), archive)
        return archive.seal(
            Manifest(
                version=__version__,
                database="sqlite" if database else "postgresql",
                revision=contents.revision,
                created_at=datetime.now(UTC),
                key_fingerprint=_fingerprint(settings),
                tables=contents.tables,
            )
        )


def restore(settings: Settings, file: Path, *, force: bool = False) -> Restored:
    """Put the data of a backup in the place of what is there, which is kept aside.

    The backup is checked and brought to the newest schema before anything is touched. ``force`` does so
    even while the app runs, which must be started anew afterwards.

    Raises:
        UnusableBackup: when the file is damaged, of a newer version, or of another kind of database.
        DataInUse: when the app is running on this data.
    """
    database = settings.sqlite_file
    with Archive(file) as archive:
        manifest = archive.verify()
        _refuse_unfitting(manifest, "sqlite" if database else "postgresql")
        with contextlib.nullcontext() if force else alone(settings.data_dir):
            if database:
                kept = sqlite.load(database, archive)
            else:
                kept = postgresql.load(_url(settings), archive, force=force)
            _restore_key(settings, archive)
    return Restored(manifest, kept, key_differs=_fingerprint(settings) != manifest.key_fingerprint)


def _refuse_unfitting(manifest: Manifest, database: str) -> None:
    if manifest.database != database:
        raise UnusableBackup(
            f"This is a backup of {manifest.database}, but TODO_DATABASE_URL names {database}. Change that."
        )
    if manifest.revision not in known_revisions():
        raise UnusableBackup(
            f"This backup comes from a newer version ({manifest.version}, revision {manifest.revision}). "
            "Install that version first."
        )


def _restore_key(settings: Settings, archive: Archive) -> None:
    if _KEY not in archive.manifest.files:
        return
    target = settings.data_dir / secret_key.FILE
    if target.exists():
        if target.read_bytes() == archive.read(_KEY):
            return
        target.replace(target.with_name(f"{secret_key.FILE}.before-restore-{archive.stamp}"))
    archive.extract(_KEY, target)


def _fingerprint(settings: Settings) -> str:
    return secret_key.purpose_key(settings, "backup").hex()[:16]


def _url(settings: Settings) -> str:
    return settings.async_database_url
