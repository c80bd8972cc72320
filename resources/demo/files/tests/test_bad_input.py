"""Whatever is sent, the answer is a JSON error and the service lives on (R7)."""

from __future__ import annotations

import socket

import pytest

from tests.support import RunningService
from todo.service import TodoService


def raw(service: RunningService, data: bytes) -> bytes:
    """Sends bytes as they are; returns everything until the service closes."""
    with socket.create_connection(("127.0.0.1", service.port), timeout=10) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 60_000],
    ids=["nothing", "half", "list", "null", "no UTF-8", "deep"],
)
def test_a_body_that_is_no_json_object_is_refused(service: RunningService, body: bytes) -> None:
    reply = service.stranger().send("POST", "/api/users", body)
    assert (reply.status, reply.code()) == (400, "invalid_json")
    assert reply.headers["content-type"] == "application/json; charset=utf-8"


BAD_TITLES = ["", "   ", "x" * 201, "two\nlines", "nul\0", "\ud800", 7, None, ["x"], True]


@pytest.mark.parametrize("title", BAD_TITLES, ids=range(len(BAD_TITLES)))
def test_a_title_outside_the_limits_is_refused(service: RunningService, title: object) -> None:
    reply = service.user("ada").post("/api/todos", {"title": title})
    assert (reply.status, reply.code()) == (400, "invalid_title")


def test_the_longest_title_is_kept_whole(service: RunningService) -> None:
    reply = service.user("ada").post("/api/todos", {"title": "x" * 200})
    assert (reply.status, reply.json()["title"]) == (201, "x" * 200)


def test_sql_in_a_title_is_only_a_title(service: RunningService) -> None:
    ada = service.user("ada")
    title = "x'); DROP TABLE todos; --"
    assert ada.get(f"/api/todos/{ada.add(title)}").json()["title"] == title


def test_unknown_fields_are_refused_by_name(service: RunningService) -> None:
    reply = service.user("ada").post("/api/todos", {"title": "x", "titel": "y"})
    assert (reply.status, reply.code()) == (400, "unknown_field")
    assert "'titel'" in reply.json()["error"]["message"]


@pytest.mark.parametrize("size, status", [(64 * 1024, 400), (64 * 1024 + 1, 413)])
def test_a_body_over_the_limit_is_refused_unread(service: RunningService, size: int, status: int) -> None:
    head = b"POST /api/users HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % size
    answer = raw(service, head + (b"x" * size if status == 400 else b""))
    assert answer.startswith(b"HTTP/1.1 %d " % status)


@pytest.mark.parametrize("header, status", [
    ("Content-Length: -1", 400), ("Content-Length: many", 400), ("Content-Length: 1e3", 400),
    ("Transfer-Encoding: chunked", 411),
])
def test_a_length_that_is_none_is_refused(service: RunningService, header: str, status: int) -> None:
    answer = raw(service, f"POST /api/users HTTP/1.1\r\nHost: x\r\n{header}\r\n\r\n{{}}".encode())
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert answer.count(b"HTTP/1.1") == 1  # the body was not taken for a second request
    assert b"Connection: close" in answer


@pytest.mark.parametrize("data, status", [
    (b"nonsense\r\n\r\n", 400), (b"BREW /health HTTP/1.1\r\nHost: x\r\n\r\n", 501),
    (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
])
def test_what_is_no_request_gets_a_json_error_too(service: RunningService, data: bytes, status: int) -> None:
    answer = raw(service, data)
    assert b'"code": "bad_request"' in answer
    assert b"<html" not in answer.lower()
    assert service.log_lines()[-1]["status"] == status


@pytest.mark.parametrize("path", ["/", "/api/todos/", "/api/todos/x", "/api/todos/-1", "/api/todos/1/2"])
def test_an_unknown_path_is_answered_with_404(service: RunningService, path: str) -> None:
    reply = service.stranger().get(path)
    assert (reply.status, reply.code()) == (404, "not_found")


@pytest.mark.parametrize("method, path, allow", [
    ("PUT", "/api/todos", "GET, POST"),
    ("POST", "/api/todos/1", "GET, PATCH, DELETE"),
    ("GET", "/api/users", "POST"), ("DELETE", "/health", "GET"),
])
def test_a_wrong_method_is_told_the_right_ones(
    service: RunningService, method: str, path: str, allow: str
) -> None:
    reply = service.stranger().send(method, path)
    assert (reply.status, reply.code(), reply.headers["allow"]) == (405, "method_not_allowed", allow)


def test_one_connection_carries_several_requests(service: RunningService) -> None:
    request = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    assert raw(service, request * 3).count(b"HTTP/1.1 200 OK") == 3


def test_head_gets_the_headers_alone(service: RunningService) -> None:
    reply = service.stranger().send("HEAD", "/health")
    assert (reply.status, reply.body) == (200, b"")
    assert int(reply.headers["content-length"]) > 0


def test_a_fault_of_ours_tells_the_client_nothing(
    service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the inner workings")

    monkeypatch.setattr(TodoService, "register", broken)
    reply = service.stranger().post("/api/users", {})
    assert (reply.status, reply.code()) == (500, "internal")
    assert b"inner workings" not in reply.body
    assert any(line.get("error") == "RuntimeError: the inner workings" for line in service.log_lines())


def test_a_client_that_hangs_up_does_no_harm(service: RunningService) -> None:
    raw(service, b"POST /api/users HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{")
    assert service.stranger().get("/health").status == 200
