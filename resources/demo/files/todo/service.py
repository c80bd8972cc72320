"""The rules: who may do what, and what is valid. Knows nothing of HTTP but the status of a refusal."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timezone

from todo.errors import ApiError
from todo.security import PasswordHasher, new_token, token_digest
from todo.storage import NameTaken, Storage, Todo

SESSION_SECONDS = 24 * 60 * 60
NAME_PATTERN = re.compile(r"[a-z0-9][a-z0-9_.-]{2,31}")
PASSWORD_MIN, PASSWORD_MAX = 10, 128
TITLE_MAX = 200
PAGE_MAX = 100
ID_MAX = 2**63 - 1  # what SQLite can hold

Fields = Mapping[str, object]


class TodoService:
    """Everything a client can ask for. Safe to call from many threads."""

    def __init__(
        self, storage: Storage, hasher: PasswordHasher, clock: Callable[[], float] = time.time
    ) -> None:
        self._storage = storage
        self._hasher = hasher
        self._clock = clock

    def check_health(self) -> None:
        """Raises StorageError when the database cannot be written."""
        self._storage.check_writable()

    def register(self, fields: Fields) -> dict[str, object]:
        """Makes an account."""
        name, password = _credentials(fields)
        if not NAME_PATTERN.fullmatch(name):
            raise ApiError(400, "invalid_username", "username must be 3 to 32 of a-z, 0-9, '_', '.', '-'.")
        if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
            sizes = f"{PASSWORD_MIN} to {PASSWORD_MAX}"
            raise ApiError(400, "invalid_password", f"password must have {sizes} characters.")
        try:
            user_id = self._storage.add_user(name, self._hasher.hash(password))
        except NameTaken as error:
            raise ApiError(409, "username_taken", "This username is taken.") from error
        return {"id": user_id, "username": name}

    def log_in(self, fields: Fields) -> dict[str, object]:
        """Opens a session. Does not tell whether name or password was wrong, nor by the time it takes."""
        name, password = _credentials(fields)
        user = self._storage.user(name)
        known = self._hasher.matches(password[: PASSWORD_MAX + 1], user.password if user else None)
        if user is None or not known:
            raise ApiError(401, "wrong_credentials", "Username or password is wrong.")
        token, now = new_token(), self._clock()
        self._storage.add_session(token_digest(token), user.id, now + SESSION_SECONDS, now)
        return {"token": token, "token_type": "Bearer", "expires_in": SESSION_SECONDS}

    def user_of(self, token: str) -> int:
        """The id of the user whose valid token this is."""
        user_id = self._storage.session_user(token_digest(token), self._clock())
        if user_id is None:
            raise ApiError(401, "invalid_token", "Log in first.", {"WWW-Authenticate": "Bearer"})
        return user_id

    def log_out(self, token: str) -> None:
        """The token is worthless from now on."""
        self._storage.remove_session(token_digest(token))

    def add(self, owner: int, fields: Fields) -> dict[str, object]:
        """Appends a todo."""
        _only(fields, {"title"})
        return _document(self._storage.add_todo(owner, _title(fields.get("title")), self._clock()))

    def list(self, owner: int, query: Mapping[str, str]) -> dict[str, object]:
        """A page of the owner's todos; `next` is the value of `after` for the page that follows, or null."""
        _only(query, {"done", "after", "limit"})
        if query.get("done") not in (None, "true", "false"):
            raise ApiError(400, "invalid_done", "done must be true or false.")
        done = None if "done" not in query else query["done"] == "true"
        limit = _number(query, "limit", 1, PAGE_MAX, PAGE_MAX)
        after = _number(query, "after", 0, ID_MAX, 0)
        found = self._storage.todos(owner, done, after, limit + 1)
        page = found[:limit]
        following = page[-1].id if len(found) > limit else None
        return {"items": [_document(todo) for todo in page], "next": following}

    def read(self, owner: int, todo_id: int) -> dict[str, object]:
        """One todo."""
        return _document(_existing(self._storage.todo(owner, todo_id)))

    def change(self, owner: int, todo_id: int, fields: Fields) -> dict[str, object]:
        """Changes title, done mark or both."""
        _only(fields, {"title", "done"})
        if not fields:
            raise ApiError(400, "nothing_to_change", "Send title, done or both.")
        title = _title(fields["title"]) if "title" in fields else None
        done = _done(fields["done"]) if "done" in fields else None
        return _document(_existing(self._storage.change_todo(owner, todo_id, title, done)))

    def remove(self, owner: int, todo_id: int) -> None:
        """Deletes a todo for good."""
        if not self._storage.remove_todo(owner, todo_id):
            _existing(None)


def _credentials(fields: Fields) -> tuple[str, str]:
    _only(fields, {"username", "password"})
    name, password = fields.get("username"), fields.get("password")
    if not _is_text(name) or not _is_text(password):
        raise ApiError(400, "missing_credentials", "Send username and password as text.")
    return str(name), str(password)


def _title(value: object) -> str:
    title = str(value).strip() if _is_text(value) else ""
    if not 1 <= len(title) <= TITLE_MAX or not title.isprintable():
        raise ApiError(400, "invalid_title", f"title must be 1 to {TITLE_MAX} printable characters.")
    return title


def _done(value: object) -> bool:
    if not isinstance(value, bool):
        raise ApiError(400, "invalid_done", "done must be true or false.")
    return value


def _is_text(value: object) -> bool:
    """JSON can smuggle in half a character ("\\ud800"), which no database can store."""
    return isinstance(value, str) and not any("\ud800" <= character <= "\udfff" for character in value)


def _number(query: Mapping[str, str], name: str, low: int, high: int, default: int) -> int:
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 20 and low <= int(text) <= high):
        raise ApiError(400, f"invalid_{name}", f"{name} must be a whole number from {low} to {high}.")
    return int(text)


def _only(fields: Mapping[str, object], known: set[str]) -> None:
    unknown = sorted(set(fields) - known)
    if unknown:
        names = ", ".join(sorted(known))
        raise ApiError(400, "unknown_field", f"{unknown[0][:40]!r} is not known here; use {names}.")


def _existing(todo: Todo | None) -> Todo:
    """Another user's todo looks exactly like one that does not exist."""
    if todo is None:
        raise ApiError(404, "not_found", "There is no such todo.")
    return todo


def _document(todo: Todo) -> dict[str, object]:
    created = datetime.fromtimestamp(todo.created, timezone.utc).isoformat(timespec="seconds")
    return {"id": todo.id, "title": todo.title, "done": todo.done, "created": created}
