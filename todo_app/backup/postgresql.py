"""Copies a PostgreSQL database out of and into use with COPY, so that no other program is needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from todo_app.backup.archive import Archive, ArchiveWriter, Table, UnusableBackup
from todo_app.backup.contents import Contents
from todo_app.data_lock import DataInUse
from todo_app.migrations import upgrade

_SCHEMA = "public"
_VERSION = "alembic_version"


def dump(url: str, archive: ArchiveWriter) -> Contents:
    """Put the rows of every table into the archive, all as of one instant, while others read and write.

    Raises:
        UnusableBackup: when nothing has been set up in the database.
    """
    with _transaction(url) as connection:
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        revision = _revision(connection)
        tables = _tables(connection)
        for table in tables:
            with archive.member(_member(table)) as sink, _cursor(connection).copy(_copy_out(table)) as copy:
                for chunk in copy:
                    sink.write(chunk)
    return Contents(revision, tables)


def load(url: str, archive: Archive, *, force: bool) -> str | None:
    """Fill a new schema from the archive; returns the name that the old one has been given.

    All of it is one transaction, so that a failure leaves everything as it was.

    Raises:
        DataInUse: when others are connected and it is not forced.
    """
    with _transaction(url) as connection:
        if not force:
            _refuse_company(connection)
        kept = _set_aside(connection, archive.stamp)
        upgrade(connection, archive.manifest.revision)
        for table in archive.manifest.tables:
            with _cursor(connection).copy(_copy_in(table)) as copy:
                for chunk in archive.chunks(_member(table)):
                    copy.write(chunk)
            _set_sequences(connection, table)
        upgrade(connection)
    return kept


@contextmanager
def _transaction(url: str) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        yield connection


def _refuse_company(connection: Connection) -> None:
    others = connection.execute(
        text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
    ).scalar_one()
    if others:
        raise DataInUse(
            f"{others} other connections use this database. Stop Punctual and its workers, or use --force."
        )


def _set_aside(connection: Connection, stamp: str) -> str | None:
    if not inspect(connection).get_table_names(schema=_SCHEMA):
        return None
    kept = f"before_restore_{stamp.replace('-', '_')}"
    connection.execute(text(f"ALTER SCHEMA {_SCHEMA} RENAME TO {kept}"))
    connection.execute(text(f"CREATE SCHEMA {_SCHEMA}"))
    return f"schema {kept}"


def _tables(connection: Connection) -> list[Table]:
    inspector = inspect(connection)
    names = [
        name for name, _ in inspector.get_sorted_table_and_fkc_names(_SCHEMA) if name and name != _VERSION
    ]
    return [
        Table(
            name=name,
            columns=[
                column["name"] for column in inspector.get_columns(name, _SCHEMA) if "computed" not in column
            ],
        )
        for name in names
    ]


def _set_sequences(connection: Connection, table: Table) -> None:
    for column in table.columns:
        sequence = connection.execute(
            text("SELECT pg_get_serial_sequence(:table, :column)"),
            {"table": f'"{table.name}"', "column": column},
        ).scalar_one()
        if sequence:
            _cursor(connection).execute(
                sql.SQL("SELECT setval({}, coalesce(max({}), 1), max({}) IS NOT NULL) FROM {}").format(
                    sql.Literal(sequence), *[sql.Identifier(column)] * 2, sql.Identifier(table.name)
                )
            )


def _revision(connection: Connection) -> str:
    if not inspect(connection).has_table(_VERSION):
        raise UnusableBackup("The database is empty. Run `python -m todo_app migrate` first.")
    return str(connection.execute(text(f"SELECT version_num FROM {_VERSION}")).scalar_one())  # noqa: S608


def _copy_out(table: Table) -> sql.Composed:
    return sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(table.name), _columns(table))


def _copy_in(table: Table) -> sql.Composed:
    return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), _columns(table))


def _columns(table: Table) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(column) for column in table.columns)


def _member(table: Table) -> str:
    return f"tables/{table.name}"


def _cursor(connection: Connection) -> psycopg.Cursor[Any]:
    driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    return driver.cursor()
