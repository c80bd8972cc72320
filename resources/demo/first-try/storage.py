"""The SQLite file. Every statement about todos names their owner, so that no caller can forget to ask."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path

BUSY_TIMEOUT_SECONDS = 5.0

SCHEMA = """
BEGIN;
CREATE TABLE IF NOT EXISTS users (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    password TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS sessions (
    digest TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS todos (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    done INTEGER NOT NULL DEFAULT 0,
    created REAL NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS todos_of_owner ON todos (owner_id, id);
COMMIT;
"""


class StorageError(Exception):
    """The database file cannot be used."""


class NameTaken(Exception):
    """Somebody else has that user name."""


@dataclass(frozen=True)
class User:
    """An account; `password` is the hash."""

    id: int
    name: str
    password: str


@dataclass(frozen=True)
class Todo:
    """One entry of somebody's list; `created` is in seconds since 1970."""

    id: int
    title: str
    done: bool
    created: float


class Storage:
    """All access to the file, over one connection that threads use in turn."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()  # guards _db
        try:
            self._db = _opened(path)
        except sqlite3.Error as error:
            raise StorageError(f"cannot use the database {str(path)!r}: {error}") from error

    def close(self) -> None:
        """Puts everything into the one file. Nothing may be asked afterwards."""
        with self._lock:
            self._db.close()

    def check_writable(self) -> None:
        """Raises StorageError unless a write would succeed now, and would last. Changes nothing."""
        if not self._path.exists():  # SQLite would go on writing into a file that no restart can find
            raise StorageError("the database file is gone")
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                self._db.execute("ROLLBACK")
            except sqlite3.Error as error:
                raise StorageError(str(error)) from error

    def add_user(self, name: str, password: str) -> int:
        """Returns the new user's id; raises NameTaken."""
        try:
            rows = self._rows("INSERT INTO users (name, password) VALUES (?, ?) RETURNING id", name, password)
        except sqlite3.IntegrityError as error:
            raise NameTaken(name) from error
        return int(rows[0]["id"])

    def user(self, name: str) -> User | None:
        """The account with that name."""
        rows = self._rows("SELECT id, name, password FROM users WHERE name = ?", name)
        return User(**rows[0]) if rows else None

    def add_session(self, digest: str, user_id: int, expires: float, now: float) -> None:
        """Opens a session, and forgets those that have expired."""
        self._rows("DELETE FROM sessions WHERE expires <= ?", now)
        self._rows(
            "INSERT INTO sessions (digest, user_id, expires) VALUES (?, ?, ?)",
            digest, user_id, expires,
        )

    def session_user(self, digest: str, now: float) -> int | None:
        """Whose session it is; nobody's when it is unknown or has expired."""
        rows = self._rows("SELECT user_id FROM sessions WHERE digest = ? AND expires > ?", digest, now)
        return int(rows[0]["user_id"]) if rows else None

    def remove_session(self, digest: str) -> None:
        """Ends a session; unknown ones have ended already."""
        self._rows("DELETE FROM sessions WHERE digest = ?", digest)

    def add_todo(self, owner: int, title: str, now: float) -> Todo:
        """Appends to the owner's list."""
        rows = self._rows(
            "INSERT INTO todos (owner_id, title, created) VALUES (?, ?, ?)"
            " RETURNING id, title, done, created",
            owner, title, now,
        )
        return _todo(rows[0])

    def todos(self, owner: int, done: bool | None, after: int, limit: int) -> list[Todo]:
        """The owner's todos with ids above `after`, oldest first; with `done` only those done or open."""
        rows = self._rows(
            "SELECT id, title, done, created FROM todos"
            " WHERE owner_id = ? AND id > ? AND done = coalesce(?, done) ORDER BY id LIMIT ?",
            owner, after, done, limit,
        )
        return [_todo(row) for row in rows]

    def todo(self, owner: int, todo_id: int) -> Todo | None:
        """One todo of this owner."""
        rows = self._rows(
            "SELECT id, title, done, created FROM todos WHERE id = ?",
            todo_id,
        )
        return _todo(rows[0]) if rows else None

    def change_todo(self, owner: int, todo_id: int, title: str | None, done: bool | None) -> Todo | None:
        """Changes what is not None, and returns the result."""
        rows = self._rows(
            "UPDATE todos SET title = coalesce(?, title), done = coalesce(?, done)"
            " WHERE id = ? AND owner_id = ? RETURNING id, title, done, created",
            title, done, todo_id, owner,
        )
        return _todo(rows[0]) if rows else None

    def remove_todo(self, owner: int, todo_id: int) -> bool:
        """Whether there was one to remove."""
        rows = self._rows("DELETE FROM todos WHERE id = ? AND owner_id = ? RETURNING id", todo_id, owner)
        return bool(rows)

    def _rows(self, statement: str, *values: object) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(statement, values).fetchall()


def _opened(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("PRAGMA foreign_keys = ON")
        db.executescript(SCHEMA)
    except sqlite3.Error:
        db.close()
        raise
    return db


def _todo(row: sqlite3.Row) -> Todo:
    return Todo(id=row["id"], title=row["title"], done=bool(row["done"]), created=row["created"])
