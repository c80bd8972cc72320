"""What others can see of the service: figures for Prometheus and one JSON line for each event."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from datetime import datetime, timezone
from typing import TextIO

from todo import __version__

METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Metrics:
    """Counts requests and their durations."""

    content_type = "text/plain; version=0.0.4; charset=utf-8"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._started = time.monotonic()
        self._requests: Counter[tuple[str, int]] = Counter()
        self._in_bucket = [0] * len(BUCKETS)
        self._seconds = 0.0

    def observe(self, method: str, status: int, seconds: float) -> None:
        """One request was answered. Unknown methods count as one, or strangers could fill the memory."""
        with self._lock:
            self._requests[method if method in METHODS else "OTHER", status] += 1
            self._seconds += seconds
            for index, bound in enumerate(BUCKETS):
                self._in_bucket[index] += seconds <= bound

    def uptime(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    def render(self) -> str:
        """Everything in Prometheus text format."""
        with self._lock:
            requests = sorted(self._requests.items())
            in_bucket, seconds = list(self._in_bucket), self._seconds
        count = sum(number for _, number in requests)
        lines = [
            "# HELP todo_build_info The version that runs.",
            "# TYPE todo_build_info gauge",
            f'todo_build_info{{version="{__version__}"}} 1',
            "# HELP todo_uptime_seconds Time since the start.",
            "# TYPE todo_uptime_seconds gauge",
            f"todo_uptime_seconds {self.uptime():.3f}",
            "# HELP todo_http_requests_total Requests answered, by method and status.",
            "# TYPE todo_http_requests_total counter",
        ]
        lines += [f'todo_http_requests_total{{method="{method}",status="{status}"}} {number}'
                  for (method, status), number in requests]
        lines += [
            "# HELP todo_http_request_duration_seconds Time from reading a request to having its answer.",
            "# TYPE todo_http_request_duration_seconds histogram",
        ]
        lines += [f'todo_http_request_duration_seconds_bucket{{le="{bound}"}} {number}'
                  for bound, number in zip(BUCKETS, in_bucket)]
        lines += [
            f'todo_http_request_duration_seconds_bucket{{le="+Inf"}} {count}',
            f"todo_http_request_duration_seconds_sum {seconds:.6f}",
            f"todo_http_request_duration_seconds_count {count}",
        ]
        return "\n".join(lines) + "\n"


class JsonLog:
    """Writes one JSON object a line. Callers pass facts, never bodies, passwords or tokens."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def write(self, level: str, event: str, **facts: object) -> None:
        """One line, whole even when threads write at once."""
        at = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        line = json.dumps({"at": at, "level": level, "event": event, **facts})
        with self._lock:
            self._stream.write(line + "\n")
            self._stream.flush()
