"""What one user must never see of another, and what the disk must never hold (R3, R6)."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from base64 import b64decode
from contextlib import closing

from tests.support import FAST, Client, RunningService
from todo.security import PasswordHasher


def rows(service: RunningService, statement: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(service.database)) as db:
        return db.execute(statement).fetchall()


def test_another_users_todo_cannot_be_read(service: RunningService) -> None:
    ada, eve = service.user("ada"), service.user("eve")
    todo = ada.add("the formula is in the blue book")
    reply = eve.get(f"/api/todos/{todo}")
    assert (reply.status, reply.code()) == (404, "not_found")
    assert b"blue book" not in reply.body


def test_another_users_todo_cannot_be_changed(service: RunningService) -> None:
    ada, eve = service.user("ada"), service.user("eve")
    todo = ada.add("water the plants")
    assert eve.patch(f"/api/todos/{todo}", {"title": "burn the plants", "done": True}).status == 404
    kept = ada.get(f"/api/todos/{todo}").json()
    assert (kept["title"], kept["done"]) == ("water the plants", False)


def test_another_users_todo_cannot_be_deleted(service: RunningService) -> None:
    ada, eve = service.user("ada"), service.user("eve")
    todo = ada.add("water the plants")
    assert eve.delete(f"/api/todos/{todo}").status == 404
    assert ada.get(f"/api/todos/{todo}").status == 200


def test_the_list_holds_only_ones_own_todos(service: RunningService) -> None:
    ada, eve = service.user("ada"), service.user("eve")
    ada.add("of ada")
    own = eve.add("of eve")
    assert [todo["id"] for todo in eve.get("/api/todos").json()["items"]] == [own]
    assert [todo["id"] for todo in eve.get("/api/todos?done=false&after=0").json()["items"]] == [own]


def test_a_foreign_todo_and_a_missing_one_look_the_same(service: RunningService) -> None:
    ada, eve = service.user("ada"), service.user("eve")
    foreign = ada.add("of ada")
    change = {"done": True}
    assert eve.patch(f"/api/todos/{foreign}", change).body == eve.patch("/api/todos/4711", change).body


def test_passwords_are_stored_as_salted_scrypt_hashes(service: RunningService) -> None:
    password = secrets.token_hex(8)
    service.user("ada", password)
    service.user("eve", password)
    (ada,), (eve,) = rows(service, "SELECT password FROM users ORDER BY name")
    assert ada != eve
    scheme, cost, salt, digest = ada.split("$")
    assert (scheme, int(cost), len(b64decode(salt))) == ("scrypt", FAST, 16)
    expected = hashlib.scrypt(password.encode(), salt=b64decode(salt), n=FAST, r=8, p=1, dklen=32)
    assert b64decode(digest) == expected


def test_the_default_cost_is_high() -> None:
    assert int(PasswordHasher().hash("any password").split("$")[1]) >= 2**14


def test_a_hash_made_with_another_cost_still_matches() -> None:
    stored = PasswordHasher(2**5).hash("any password")
    assert PasswordHasher(FAST).matches("any password", stored)
    assert not PasswordHasher(FAST).matches("another password", stored)


def test_nothing_matches_a_missing_account() -> None:
    assert not PasswordHasher(FAST).matches("any password", None)


def test_neither_passwords_nor_tokens_reach_the_disk(service: RunningService) -> None:
    password = secrets.token_hex(16)
    ada = service.user("ada", password)
    written = b"".join(file.read_bytes() for file in service.database.parent.iterdir())
    assert b"ada" in written
    assert password.encode() not in written
    assert ada.token.encode() not in written


def test_expired_sessions_are_forgotten(service: RunningService) -> None:
    service.user("ada")
    service.clock.now += 24 * 60 * 60
    service.user("eve")
    assert len(rows(service, "SELECT digest FROM sessions")) == 1


def test_a_digest_is_no_token(service: RunningService) -> None:
    service.user("ada")
    ((digest,),) = rows(service, "SELECT digest FROM sessions")
    assert Client(service.port, digest).get("/api/todos").status == 401
