"""Making, listing, reading, changing and deleting one's own todos (R5)."""

from __future__ import annotations

import threading

import pytest

from tests.support import RunningService


def test_a_new_todo_is_open_and_says_where_it_is(service: RunningService) -> None:
    reply = service.user("ada").post("/api/todos", {"title": "  buy milk "})
    assert reply.status == 201
    made = "2023-11-14T22:13:20+00:00"
    assert reply.json() == {"id": 1, "title": "buy milk", "done": False, "created": made}
    assert reply.headers["location"] == "/api/todos/1"


def test_a_todo_can_be_read_again(service: RunningService) -> None:
    ada = service.user("ada")
    made = ada.post("/api/todos", {"title": "läuft ✓ 日本"}).json()
    reply = ada.get(f"/api/todos/{made['id']}")
    assert (reply.status, reply.json()) == (200, made)


def test_the_list_is_in_the_order_of_making(service: RunningService) -> None:
    ada = service.user("ada")
    for title in ("one", "two", "three"):
        ada.add(title)
    reply = ada.get("/api/todos")
    assert reply.status == 200
    assert [todo["title"] for todo in reply.json()["items"]] == ["one", "two", "three"]
    assert reply.json()["next"] is None


def test_the_list_comes_in_pages_that_fit_together(service: RunningService) -> None:
    ada = service.user("ada")
    made = [ada.add(f"todo {number}") for number in range(5)]
    seen: list[int] = []
    after: int | None = 0
    while after is not None:
        page = ada.get(f"/api/todos?limit=2&after={after}").json()
        assert 1 <= len(page["items"]) <= 2
        seen += [todo["id"] for todo in page["items"]]
        after = page["next"]
    assert seen == made


def test_the_list_can_show_only_what_is_done_or_open(service: RunningService) -> None:
    ada = service.user("ada")
    first, second = ada.add("first"), ada.add("second")
    ada.patch(f"/api/todos/{first}", {"done": True})
    assert [todo["id"] for todo in ada.get("/api/todos?done=true").json()["items"]] == [first]
    assert [todo["id"] for todo in ada.get("/api/todos?done=false").json()["items"]] == [second]


@pytest.mark.parametrize("query, code", [
    ("limit=0", "invalid_limit"), ("limit=101", "invalid_limit"), ("limit=x", "invalid_limit"),
    ("after=-1", "invalid_after"), ("after=99999999999999999999", "invalid_after"),
    ("done=maybe", "invalid_done"), ("sort=title", "unknown_field"),
])
def test_a_query_that_makes_no_sense_is_refused(service: RunningService, query: str, code: str) -> None:
    reply = service.user("ada").get(f"/api/todos?{query}")
    assert (reply.status, reply.code()) == (400, code)


@pytest.mark.parametrize("change, title, done", [
    ({"done": True}, "buy milk", True),
    ({"title": "buy tea"}, "buy tea", False),
    ({"title": "buy tea", "done": True}, "buy tea", True),
])
def test_a_change_touches_only_what_it_names(
    service: RunningService, change: dict[str, object], title: str, done: bool
) -> None:
    ada = service.user("ada")
    todo = ada.add("buy milk")
    reply = ada.patch(f"/api/todos/{todo}", change)
    assert reply.status == 200
    assert (reply.json()["title"], reply.json()["done"]) == (title, done)
    assert ada.get(f"/api/todos/{todo}").json() == reply.json()


def test_a_done_todo_can_be_opened_again(service: RunningService) -> None:
    ada = service.user("ada")
    todo = ada.add("buy milk")
    ada.patch(f"/api/todos/{todo}", {"done": True})
    assert ada.patch(f"/api/todos/{todo}", {"done": False}).json()["done"] is False


@pytest.mark.parametrize("change, code", [
    ({}, "nothing_to_change"), ({"done": 1}, "invalid_done"), ({"done": None}, "invalid_done"),
    ({"title": None}, "invalid_title"), ({"owner_id": 2}, "unknown_field"),
])
def test_a_change_that_makes_no_sense_changes_nothing(
    service: RunningService, change: dict[str, object], code: str
) -> None:
    ada = service.user("ada")
    todo = ada.add("buy milk")
    reply = ada.patch(f"/api/todos/{todo}", change)
    assert (reply.status, reply.code()) == (400, code)
    assert ada.get(f"/api/todos/{todo}").json()["title"] == "buy milk"


def test_a_deleted_todo_is_gone_and_its_id_is_not_used_again(service: RunningService) -> None:
    ada = service.user("ada")
    todo = ada.add("buy milk")
    gone = ada.delete(f"/api/todos/{todo}")
    assert (gone.status, gone.body) == (204, b"")
    assert ada.get(f"/api/todos/{todo}").status == 404
    assert ada.delete(f"/api/todos/{todo}").status == 404
    assert ada.add("buy tea") > todo


@pytest.mark.parametrize("todo", ["0", "77", "9999999999999999999"])
def test_a_todo_that_never_was_is_answered_with_404(service: RunningService, todo: str) -> None:
    ada = service.user("ada")
    for method, body in (("GET", None), ("PATCH", {"done": True}), ("DELETE", None)):
        reply = ada.send(method, f"/api/todos/{todo}", body)
        assert (reply.status, reply.code()) == (404, "not_found")


def test_many_clients_at_once_lose_nothing(service: RunningService) -> None:
    ada = service.user("ada")
    threads = [threading.Thread(target=lambda: [ada.add("at once") for _ in range(5)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ada.get("/api/todos").json()["items"]) == 40
