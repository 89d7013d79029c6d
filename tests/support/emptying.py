"""Emptying a PostgreSQL database for the next test: a fraction of what dropping and copying one takes."""

from __future__ import annotations

import time
from dataclasses import dataclass

import psycopg
from psycopg import sql

Connection = psycopg.Connection[tuple[object, ...]]

PATIENCE = 30.0  # seconds until a connection that does not end counts as stuck
# Who else is connected belongs to the test that is over; how many they still are.
_END_OTHERS = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
# Every row of the catalogue that says what our tables look like, by the transaction that last wrote it.
_SHAPE = """
    SELECT md5(string_agg(part, ',' ORDER BY part)) FROM (
        SELECT 'c' || oid || ':' || xmin FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT 'a' || attrelid || ':' || attnum || ':' || a.xmin FROM pg_attribute AS a
            JOIN pg_class AS c ON c.oid = attrelid WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT 'k' || oid || ':' || xmin FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT 't' || oid || ':' || xmin FROM pg_trigger
        UNION ALL SELECT 'p' || oid || ':' || xmin FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    ) AS parts (part)
"""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_RESTART = """
    SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence
    JOIN pg_class ON pg_class.oid = seqrelid WHERE relnamespace = 'public'::regnamespace
"""


@dataclass(frozen=True)
class Fresh:
    """What a database was like before any test: the shape of its tables, and the rows migrations put there."""

    shape: object
    rows: dict[str, object]  # table: JSON


def remember(connection: Connection) -> Fresh:
    """How this database is now."""
    rows = {}
    for table in _tables(connection):
        found = _one(
            connection, sql.SQL("SELECT json_agg(t)::text FROM {} AS t").format(sql.Identifier(table))
        )
        if found is not None:
            rows[table] = found
    return Fresh(_one(connection, sql.SQL(_SHAPE)), rows)


def empty(connection: Connection, fresh: Fresh) -> bool:
    """Make the database what it was; False if a test changed its tables, so that nobody may use it again."""
    deadline = time.monotonic() + PATIENCE
    while _one(connection, sql.SQL(_END_OTHERS)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.002)  # PostgreSQL itself looks only every 100 ms
    if _one(connection, sql.SQL(_SHAPE)) != fresh.shape:
        return False
    with connection.transaction():
        connection.execute(
            "SET LOCAL session_replication_role = replica"
        )  # the order of tables does not matter
        deletes = [sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in _tables(connection)]
        connection.execute(sql.SQL("; ").join(deletes))
        connection.execute(_RESTART)
        for table, rows in fresh.rows.items():
            name = sql.Identifier(table)
            put_back = sql.SQL("INSERT INTO {} SELECT * FROM json_populate_recordset(NULL::{}, %s)")
            connection.execute(put_back.format(name, name), (rows,))
    return True


def _tables(connection: Connection) -> list[str]:
    return [str(name) for (name,) in connection.execute(_TABLES)]


def _one(connection: Connection, question: sql.SQL | sql.Composed) -> object:
    row = connection.execute(question).fetchone()
    return row[0] if row else None
