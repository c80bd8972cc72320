"""Starts the service: python3 -m todo."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence

from todo import __version__
from todo.config import ConfigError, settings_from
from todo.observe import JsonLog, Metrics
from todo.routes import Api
from todo.security import PasswordHasher
from todo.server import TodoServer
from todo.service import TodoService
from todo.storage import Storage, StorageError

EXIT_UNUSABLE = 1
EXIT_CONFIG = 2
DRAIN_SECONDS = 0.7
POLL_SECONDS = 0.05


def main(arguments: Sequence[str] | None = None) -> int:
    """Serves until SIGTERM or SIGINT; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="todo",
        description="A todo list service with user accounts.",
        epilog="Environment: PORT (default 8000; 0 lets the system choose), DATABASE (default todo.db).",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument("--version", action="version", version=f"todo {__version__}")
    options = parser.parse_args(arguments)

    log, metrics = JsonLog(sys.stdout), Metrics()
    try:
        settings = settings_from(os.environ)
        storage = Storage(settings.database)
        api = Api(TodoService(storage, PasswordHasher()), metrics)
        server = TodoServer((options.host, settings.port), api, metrics, log)
    except ConfigError as error:
        print(f"todo: {error}", file=sys.stderr)
        return EXIT_CONFIG
    except (StorageError, OSError) as error:
        print(f"todo: cannot start: {error}", file=sys.stderr)
        return EXIT_UNUSABLE
    _serve(server, log, options.host)
    storage.close()
    return 0


def _serve(server: TodoServer, log: JsonLog, host: str) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    accepting = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), name="accept")
    accepting.start()
    log.write("info", "started", host=host, port=server.port, version=__version__)
    stop.wait()
    server.shutdown()
    accepting.join()
    finished = server.drain(DRAIN_SECONDS)
    server.server_close()
    log.write("info", "stopped", all_requests_finished=finished)


if __name__ == "__main__":
    sys.exit(main())
