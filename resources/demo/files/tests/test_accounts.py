"""Registering, logging in and out, and how long a token lasts (R1, R2, R4)."""

from __future__ import annotations

import secrets

import pytest

from tests.support import Client, RunningService

DAY = 24 * 60 * 60


def account(name: str = "ada") -> dict[str, str]:
    return {"username": name, "password": secrets.token_hex(8)}


def test_a_user_can_register(service: RunningService) -> None:
    reply = service.stranger().post("/api/users", account("ada"))
    assert reply.status == 201
    assert reply.json() == {"id": 1, "username": "ada"}


def test_a_taken_name_is_answered_with_409(service: RunningService) -> None:
    stranger = service.stranger()
    assert stranger.post("/api/users", account("ada")).status == 201
    second = stranger.post("/api/users", account("ada"))
    assert (second.status, second.code()) == (409, "username_taken")


@pytest.mark.parametrize("name", ["abc", "a" * 32, "0-9_a.z"])
def test_names_within_the_limits_are_accepted(service: RunningService, name: str) -> None:
    assert service.stranger().post("/api/users", account(name)).status == 201


@pytest.mark.parametrize("name", ["", "ab", "a" * 33, "Ada", "-ada", "ada lovelace", "ada\n", "ädä"])
def test_names_outside_the_limits_are_refused(service: RunningService, name: str) -> None:
    reply = service.stranger().post("/api/users", account(name))
    assert (reply.status, reply.code()) == (400, "invalid_username")


@pytest.mark.parametrize("length, status", [(9, 400), (10, 201), (128, 201), (129, 400)])
def test_passwords_have_a_least_and_a_greatest_length(
    service: RunningService, length: int, status: int
) -> None:
    reply = service.stranger().post("/api/users", {"username": "ada", "password": "x" * length})
    assert reply.status == status


@pytest.mark.parametrize("path", ["/api/users", "/api/sessions"])
def test_credentials_must_be_complete_and_text(service: RunningService, path: str) -> None:
    for fields in ({}, {"username": "ada"}, {"password": "x" * 10}, {"username": "ada", "password": 12345}):
        reply = service.stranger().post(path, fields)
        assert (reply.status, reply.code()) == (400, "missing_credentials")


def test_logging_in_gives_a_token_that_opens_the_list(service: RunningService) -> None:
    stranger, ada = service.stranger(), account()
    stranger.post("/api/users", ada)
    reply = stranger.post("/api/sessions", ada)
    assert reply.status == 201
    assert (reply.json()["token_type"], reply.json()["expires_in"]) == ("Bearer", DAY)
    assert Client(service.port, reply.json()["token"]).get("/api/todos").status == 200


def test_every_login_gives_another_long_token(service: RunningService) -> None:
    stranger, ada = service.stranger(), account()
    stranger.post("/api/users", ada)
    tokens = {stranger.post("/api/sessions", ada).json()["token"] for _ in range(3)}
    assert len(tokens) == 3
    assert all(len(token) >= 43 for token in tokens)


def test_a_wrong_password_and_an_unknown_name_get_the_same_refusal(service: RunningService) -> None:
    stranger = service.stranger()
    stranger.post("/api/users", account("ada"))
    wrong = stranger.post("/api/sessions", account("ada"))
    unknown = stranger.post("/api/sessions", account("eve"))
    assert (wrong.status, wrong.code()) == (401, "wrong_credentials")
    assert unknown.body == wrong.body


def test_a_password_that_only_begins_right_is_refused(service: RunningService) -> None:
    stranger, ada = service.stranger(), {"username": "ada", "password": "x" * 128}
    stranger.post("/api/users", ada)
    assert stranger.post("/api/sessions", {**ada, "password": "x" * 129}).status == 401
    assert stranger.post("/api/sessions", ada).status == 201


def test_a_token_lasts_until_its_day_is_over(service: RunningService) -> None:
    ada = service.user("ada")
    service.clock.now += DAY - 1
    assert ada.get("/api/todos").status == 200
    service.clock.now += 1
    reply = ada.get("/api/todos")
    assert (reply.status, reply.code()) == (401, "invalid_token")


def test_logging_out_ends_this_session_and_no_other(service: RunningService) -> None:
    password = secrets.token_hex(8)
    phone = service.user("ada", password)
    laptop = Client(service.port)
    laptop.token = laptop.post("/api/sessions", {"username": "ada", "password": password}).json()["token"]
    assert phone.delete("/api/sessions").status == 204
    assert phone.get("/api/todos").status == 401
    assert laptop.get("/api/todos").status == 200


@pytest.mark.parametrize("method, path", [
    ("GET", "/api/todos"), ("POST", "/api/todos"), ("GET", "/api/todos/1"),
    ("PATCH", "/api/todos/1"), ("DELETE", "/api/todos/1"), ("DELETE", "/api/sessions"),
])
def test_every_guarded_door_asks_for_a_valid_token(service: RunningService, method: str, path: str) -> None:
    for headers in ({}, {"Authorization": "Bearer guess"}):
        reply = service.stranger().send(method, path, {"title": "x"}, headers)
        assert (reply.status, reply.code()) == (401, "invalid_token")
        assert reply.headers["www-authenticate"] == "Bearer"


def test_only_a_whole_bearer_token_counts(service: RunningService) -> None:
    token = service.user("ada").token

    def status(header: str) -> int:
        return service.stranger().send("GET", "/api/todos", None, {"Authorization": header}).status

    wrong = ["", "Bearer", "Bearer ", token, f"Basic {token}", f"Bearer {token[:-1]}", f"Bearer x{token}"]
    assert {header: status(header) for header in wrong} == {header: 401 for header in wrong}
    assert status(f"bearer {token}") == 200
