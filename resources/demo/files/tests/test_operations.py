"""Health, figures, log lines, settings, start and end (R8, R9, R10)."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support import Client, RunningService
from todo.__main__ import main
from todo.config import ConfigError, settings_from

ROOT = Path(__file__).parent.parent


@contextmanager
def process(database: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The service as it is started in earnest, and its port."""
    environment = {**os.environ, "PORT": "0", "DATABASE": str(database)}
    with subprocess.Popen([sys.executable, "-m", "todo"], cwd=ROOT, env=environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        try:
            assert running.stdout is not None
            yield running, int(json.loads(running.stdout.readline())["port"])
        finally:
            running.kill()


def figure(text: str, name: str) -> float:
    """The value of a metric with its labels."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found, f"{name} is missing in\n{text}"
    return float(found.group(1))


def test_health_says_ok_while_the_database_can_be_written(service: RunningService) -> None:
    reply = service.stranger().get("/health")
    assert (reply.status, reply.json()["status"]) == (200, "ok")
    assert reply.json()["uptime_seconds"] >= 0


def test_health_says_unavailable_when_the_database_is_gone(service: RunningService, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path)
    reply = service.stranger().get("/health")
    assert (reply.status, reply.json()["status"]) == (503, "unavailable")


def test_requests_are_counted_by_method_and_status(service: RunningService) -> None:
    stranger = service.stranger()
    for _ in range(3):
        stranger.get("/health")
    stranger.get("/api/todos")
    reply = stranger.get("/metrics")
    assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")
    text = reply.body.decode()
    assert figure(text, 'todo_http_requests_total{method="GET",status="200"}') == 3
    assert figure(text, 'todo_http_requests_total{method="GET",status="401"}') == 1
    assert figure(text, "todo_uptime_seconds") >= 0


def test_durations_are_a_histogram_whose_buckets_add_up(service: RunningService) -> None:
    stranger = service.stranger()
    for _ in range(4):
        stranger.get("/health")
    text = stranger.get("/metrics").body.decode()
    buckets = [int(number) for number in re.findall(r'_bucket{le="[^"]+"} (\d+)', text)]
    assert buckets == sorted(buckets)
    assert buckets[-1] == figure(text, "todo_http_request_duration_seconds_count") == 4
    assert 0 < figure(text, "todo_http_request_duration_seconds_sum") < 60


def test_strange_methods_do_not_make_new_figures(service: RunningService) -> None:
    for method in ("BREW", "WHEN"):
        service.stranger().send(method, "/health")
    text = service.stranger().get("/metrics").body.decode()
    assert figure(text, 'todo_http_requests_total{method="OTHER",status="501"}') == 2
    assert "BREW" not in text


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_promtool_accepts_the_figures(service: RunningService) -> None:
    text = service.stranger().get("/metrics").body
    verdict = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, timeout=30)
    assert (verdict.returncode, verdict.stderr) == (0, b"")


def test_every_request_leaves_one_json_line(service: RunningService) -> None:
    ada = service.user("ada")
    ada.add("buy milk")
    lines = service.log_lines()
    assert [(line["method"], line["path"], line["status"]) for line in lines] == [
        ("POST", "/api/users", 201), ("POST", "/api/sessions", 201), ("POST", "/api/todos", 201)]
    assert all(line["event"] == "request" and line["milliseconds"] >= 0 and line["at"] for line in lines)


def test_the_log_holds_neither_passwords_nor_tokens_nor_queries(service: RunningService) -> None:
    password = secrets.token_hex(16)
    ada = service.user("ada", password)
    ada.get(f"/api/todos?token={ada.token}")
    log = service.output.getvalue()
    assert log.count("\n") == 3
    assert password not in log
    assert ada.token not in log


def test_the_defaults_are_port_8000_and_a_file_here() -> None:
    settings = settings_from({})
    assert (settings.port, str(settings.database)) == (8000, "todo.db")


@pytest.mark.parametrize("port", ["", " 80", "-1", "65536", "80.0", "http", "٨٠"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(ConfigError, match="^PORT must be a whole number"):
        settings_from({"PORT": port})


@pytest.mark.parametrize("port", [0, 1, 65535])
def test_every_real_port_is_accepted(port: int) -> None:
    assert settings_from({"PORT": str(port)}).port == port


def test_a_database_that_cannot_be_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such folder"):
        settings_from({"DATABASE": str(tmp_path / "nowhere" / "todo.db")})
    with pytest.raises(ConfigError, match="is a folder"):
        settings_from({"DATABASE": str(tmp_path)})


def test_wrong_settings_end_the_start_with_a_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "eighty")
    assert main([]) == 2
    assert capsys.readouterr().err == "todo: PORT must be a whole number from 0 to 65535, not 'eighty'\n"


def test_a_file_that_is_no_database_ends_the_start_with_a_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "letter").write_text("this is a letter, not a database\n" * 40)
    (tmp_path / "astray").symlink_to(tmp_path / "nowhere" / "todo.db")
    for name in ("letter", "astray"):
        monkeypatch.setenv("DATABASE", str(tmp_path / name))
        assert main([]) == 1
        assert "cannot use the database" in capsys.readouterr().err


def test_a_port_in_use_ends_the_start_with_a_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        monkeypatch.setenv("DATABASE", str(tmp_path / "todo.db"))
        assert main([]) == 1
    assert "cannot start" in capsys.readouterr().err


def test_help_needs_no_environment(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ending:
        main(["--help"])
    assert ending.value.code == 0
    assert "DATABASE" in capsys.readouterr().out


def seconds_to_end(database: Path, number: signal.Signals) -> float:
    """Starts the service, opens a connection that stays idle, sends the signal and waits for the end."""
    with process(database) as (running, port), socket.create_connection(("127.0.0.1", port)):
        assert Client(port).get("/health").status == 200
        asked = time.monotonic()
        running.send_signal(number)
        assert running.wait(timeout=30) == 0
        took = time.monotonic() - asked
        assert running.stdout is not None and '"event": "stopped"' in running.stdout.read()
    return took


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_within_a_second_even_with_idle_connections(
    tmp_path: Path, number: signal.Signals
) -> None:
    # A busy machine may be late once; a service that waits for its connections is late every time.
    assert any(seconds_to_end(tmp_path / "todo.db", number) < 1 for _ in range(3))


def test_accounts_and_todos_survive_a_restart(tmp_path: Path) -> None:
    account = {"username": "ada", "password": secrets.token_hex(8)}
    with process(tmp_path / "todo.db") as (running, port):
        ada = Client(port)
        assert ada.post("/api/users", account).status == 201
        ada.token = ada.post("/api/sessions", account).json()["token"]
        ada.add("buy milk")
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=30) == 0
    with process(tmp_path / "todo.db") as (_, port):
        again = Client(port, ada.token)
        assert [todo["title"] for todo in again.get("/api/todos").json()["items"]] == ["buy milk"]
