"""A client that speaks real HTTP, and the service it speaks to."""

from __future__ import annotations

import http.client
import io
import json
import secrets
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from todo.observe import JsonLog, Metrics
from todo.routes import Api
from todo.security import PasswordHasher
from todo.server import TodoServer
from todo.service import TodoService
from todo.storage import Storage

FAST = 2**4  # scrypt's cost: the tests need its code, not its slowness


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Reply:
    """An answer as the client got it."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def code(self) -> Any:
        """The code of a refusal; None when it was none."""
        return self.json().get("error", {}).get("code")


class Client:
    """Sends requests, each over a connection of its own, with a token if it has one."""

    def __init__(self, port: int, token: str = "") -> None:
        self.port = port
        self.token = token

    def send(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            sent = dict(headers or {})
            if self.token:
                sent.setdefault("Authorization", f"Bearer {self.token}")
            data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
            connection.request(method, path, data, sent)
            answer = connection.getresponse()
            received = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, received, answer.read())
        finally:
            connection.close()

    def get(self, path: str) -> Reply:
        return self.send("GET", path)

    def post(self, path: str, body: Any = None) -> Reply:
        return self.send("POST", path, body)

    def patch(self, path: str, body: Any = None) -> Reply:
        return self.send("PATCH", path, body)

    def delete(self, path: str) -> Reply:
        return self.send("DELETE", path)

    def add(self, title: str) -> int:
        """A new todo's id."""
        reply = self.post("/api/todos", {"title": title})
        assert reply.status == 201, reply
        return int(reply.json()["id"])


class RunningService:
    """The whole service in this process, on a port of the kernel's choice."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "todo.db"
        self.clock = Clock()
        self.output = io.StringIO()
        metrics = Metrics()
        self._storage = Storage(self.database)
        api = Api(TodoService(self._storage, PasswordHasher(FAST), self.clock), metrics)
        self._server = TodoServer(("127.0.0.1", 0), api, metrics, JsonLog(self.output))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.002,))
        self._thread.start()
        self.port = self._server.port

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.drain(5)
        self._server.server_close()
        self._storage.close()

    def stranger(self) -> Client:
        """Somebody without an account."""
        return Client(self.port)

    def user(self, name: str, password: str | None = None) -> Client:
        """Somebody who has registered and logged in."""
        account = {"username": name, "password": password or secrets.token_hex(8)}
        client = Client(self.port)
        assert client.post("/api/users", account).status == 201
        client.token = client.post("/api/sessions", account).json()["token"]
        return client

    def log_lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.output.getvalue().splitlines()]
