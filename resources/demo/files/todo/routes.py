"""From a request to an answer: paths, methods, tokens and JSON, without sockets."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from todo import __version__
from todo.errors import ApiError
from todo.observe import Metrics
from todo.service import ID_MAX, TodoService
from todo.storage import StorageError

JSON_TYPE = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Request:
    """What came in; `headers` is asked case-insensitively."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """What goes out."""

    status: int
    body: bytes = b""
    content_type: str = JSON_TYPE
    headers: Mapping[str, str] = field(default_factory=dict)


def json_answer(
    status: int, document: Mapping[str, object], headers: Mapping[str, str] | None = None
) -> Answer:
    """An answer that carries a JSON object."""
    return Answer(status, json.dumps(document).encode() + b"\n", headers=headers or {})


def error_answer(error: ApiError) -> Answer:
    """A refusal as the client sees it."""
    return json_answer(error.status, error.document(), error.headers)


class Api:
    """Finds what a request wants, and asks the service for it."""

    def __init__(self, service: TodoService, metrics: Metrics) -> None:
        self._service = service
        self._metrics = metrics
        one = r"/api/todos/(\d{1,19})"
        self._routes: list[tuple[str, str, Callable[..., Answer]]] = [
            ("GET", r"/health", self._health),
            ("GET", r"/metrics", self._figures),
            ("POST", r"/api/users", self._register),
            ("POST", r"/api/sessions", self._log_in),
            ("DELETE", r"/api/sessions", self._log_out),
            ("GET", r"/api/todos", self._list),
            ("POST", r"/api/todos", self._add),
            ("GET", one, self._read),
            ("PATCH", one, self._change),
            ("DELETE", one, self._remove),
        ]

    def answer(self, request: Request) -> Answer:
        """The answer to a request; raises ApiError for a refusal."""
        path = urlsplit(request.target).path
        method = "GET" if request.method == "HEAD" else request.method
        allowed = []
        for route_method, pattern, handle in self._routes:
            match = re.fullmatch(pattern, path, re.ASCII)
            if match and route_method == method:
                return handle(request, *match.groups())
            if match:
                allowed.append(route_method)
        if allowed:
            headers = {"Allow": ", ".join(allowed)}
            raise ApiError(405, "method_not_allowed", "This path does not know that method.", headers)
        raise ApiError(404, "not_found", "There is nothing at this path.")

    def _health(self, _: Request) -> Answer:
        facts = {"version": __version__, "uptime_seconds": round(self._metrics.uptime(), 3)}
        try:
            self._service.check_health()
        except StorageError:
            return json_answer(503, {"status": "unavailable", **facts})
        return json_answer(200, {"status": "ok", **facts})

    def _figures(self, _: Request) -> Answer:
        return Answer(200, self._metrics.render().encode(), Metrics.content_type)

    def _register(self, request: Request) -> Answer:
        return json_answer(201, self._service.register(_fields(request)))

    def _log_in(self, request: Request) -> Answer:
        return json_answer(201, self._service.log_in(_fields(request)))

    def _log_out(self, request: Request) -> Answer:
        self._user(request)
        self._service.log_out(_token(request))
        return Answer(204)

    def _list(self, request: Request) -> Answer:
        user = self._user(request)
        query = parse_qsl(urlsplit(request.target).query, keep_blank_values=True)
        return json_answer(200, self._service.list(user, dict(query)))

    def _add(self, request: Request) -> Answer:
        user = self._user(request)
        todo = self._service.add(user, _fields(request))
        return json_answer(201, todo, {"Location": f"/api/todos/{todo['id']}"})

    def _read(self, request: Request, todo_id: str) -> Answer:
        return json_answer(200, self._service.read(self._user(request), _id(todo_id)))

    def _change(self, request: Request, todo_id: str) -> Answer:
        return json_answer(200, self._service.change(self._user(request), _id(todo_id), _fields(request)))

    def _remove(self, request: Request, todo_id: str) -> Answer:
        self._service.remove(self._user(request), _id(todo_id))
        return Answer(204)

    def _user(self, request: Request) -> int:
        return self._service.user_of(_token(request))


def _token(request: Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _id(text: str) -> int:
    return min(int(text), ID_MAX)


def _fields(request: Request) -> dict[str, object]:
    """The body as a JSON object; anything else is refused, whatever the client calls its type."""
    try:
        document = json.loads(request.body.decode())
    except (ValueError, RecursionError) as error:
        raise ApiError(400, "invalid_json", "The body must be a JSON object in UTF-8.") from error
    if not isinstance(document, dict):
        raise ApiError(400, "invalid_json", "The body must be a JSON object in UTF-8.")
    return document
