"""The HTTP server: threads, limits, log lines, and an orderly end."""

from __future__ import annotations

import socketserver
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from todo.errors import ApiError
from todo.observe import JsonLog, Metrics
from todo.routes import Answer, Api, Request, error_answer

BODY_MAX_BYTES = 64 * 1024
CLIENT_TIMEOUT_SECONDS = 10.0


class TodoServer(ThreadingHTTPServer):
    """Serves an Api, one thread for each connection."""

    daemon_threads = True  # an idle connection must not keep the process alive
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], api: Api, metrics: Metrics, log: JsonLog) -> None:
        self.api = api
        self.metrics = metrics
        self.log = log
        self._busy = 0
        self._idle = threading.Condition()
        super().__init__(address, Handler)

    @property
    def port(self) -> int:
        """The port in use, also when 0 was asked for."""
        return int(self.server_address[1])

    def server_bind(self) -> None:
        """Binds without asking the name service who we are: it may be slow, and nobody needs the answer."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.port

    def handle_error(self, request: object, client_address: object) -> None:
        """A connection broke, which is the client's right."""
        self.log.write("warning", "connection", error=type(sys.exc_info()[1]).__name__)

    @contextmanager
    def in_flight(self) -> Iterator[None]:
        """Marks a request that a stop should wait for."""
        with self._idle:
            self._busy += 1
        try:
            yield
        finally:
            with self._idle:
                self._busy -= 1
                self._idle.notify_all()

    def drain(self, seconds: float) -> bool:
        """Waits for the requests under way; whether all were finished in time."""
        with self._idle:
            return self._idle.wait_for(lambda: self._busy == 0, seconds)


class Handler(BaseHTTPRequestHandler):
    """Reads a request within limits, has it answered, counts and logs it."""

    server: TodoServer
    protocol_version = "HTTP/1.1"
    timeout = CLIENT_TIMEOUT_SECONDS

    def serve(self) -> None:
        """One request, from its headers to its answer."""
        started = time.perf_counter()
        with self.server.in_flight():
            answer = self._answer()
            self._send(answer, time.perf_counter() - started)

    do_DELETE = do_GET = do_HEAD = do_PATCH = do_POST = do_PUT = serve

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the base class refuses (bad request lines, unknown methods) looks like our own refusals."""
        self.close_connection = True
        refusal = ApiError(int(code), "bad_request", "This is not a request we understand.")
        self._send(error_answer(refusal), 0.0)

    def log_message(self, format: str, *args: object) -> None:
        """Silences the base class: we write lines of our own."""

    def version_string(self) -> str:
        """Strangers need not know what runs here."""
        return "todo"

    def _answer(self) -> Answer:
        try:
            body = self._body()
            return self.server.api.answer(Request(self.command, self.path, self.headers, body))
        except ApiError as error:
            return error_answer(error)
        except OSError:
            raise  # the client is gone: there is nobody to answer
        except Exception as error:  # the last line of defence: logged with its cause, answered without
            cause = f"{type(error).__name__}: {error}"
            self.server.log.write("error", "failure", path=self._path(), error=cause)
            return error_answer(ApiError(500, "internal", "Something went wrong here."))

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "0")
        problem = None
        if self.headers.get("Transfer-Encoding"):
            problem = ApiError(411, "length_required", "Send a Content-Length.")
        elif not (length.isascii() and length.isdigit() and len(length) < 20):
            problem = ApiError(400, "invalid_length", "Content-Length must be a number.")
        elif int(length) > BODY_MAX_BYTES:
            problem = ApiError(413, "too_large", f"A body may have {BODY_MAX_BYTES} bytes.")
        if problem:
            self.close_connection = True  # the unread body must not be taken for the next request
            raise problem
        return self.rfile.read(int(length))

    def _send(self, answer: Answer, seconds: float) -> None:
        method = self.command or "OTHER"
        self.server.metrics.observe(method, answer.status, seconds)
        self.server.log.write("info", "request", method=method, path=self._path(), status=answer.status,
                              milliseconds=round(seconds * 1000, 2))
        self.send_response(answer.status)
        if answer.status != 204:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if method != "HEAD":
            self.wfile.write(answer.body)

    def _path(self) -> str:
        """For the log: without the query, and not endless. A line that was no request has none."""
        return self.path.partition("?")[0][:200] if self.command else ""
