#!/usr/bin/python3
"""What a screen reader is told of the window.   screen_reader.py

Walks the tree of the running program by AT-SPI, page by page, starts the demo by its button's action, and reads what the transcript and
the log show. Says what is wrong and ends with 1 when something is."""
import subprocess
import sys
import time

import pyatspi

PROGRAM = "agent-pipeline-gui"
PAGES = {
    1: ["Try the demo", "Write requirements", "Open Doctor"],
    2: ["Requirements", "Start run"],
    3: ["Coding stage", "Parts of the pipeline"],
    4: ["Transcript", "Views of the run"],
    5: ["Files of the run", "Filter the files"],
    6: ["Filter the history", "Runs"],
    7: ["Find a setting", "Kinds of settings"],
    8: ["Check again", "Findings"],
}
# Parts of a list or tree are called what they show.
PARTS = {pyatspi.ROLE_PAGE_TAB, pyatspi.ROLE_TABLE_CELL, pyatspi.ROLE_LIST_ITEM, pyatspi.ROLE_TREE_ITEM, pyatspi.ROLE_TABLE_COLUMN_HEADER}
wrong = []


def until(what, found, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = found()
        if answer:
            return answer
        time.sleep(0.1)
    print(f"FAILED: {what} within {seconds} s", file=sys.stderr)
    sys.exit(1)


def program():
    return next((one for one in pyatspi.Registry.getDesktop(0) if one and one.name == PROGRAM), None)


def nodes(node):
    """All that can be seen below a node; what goes meanwhile is left out."""
    try:
        if not node.getState().contains(pyatspi.STATE_SHOWING) and node.getRole() != pyatspi.ROLE_APPLICATION:
            return
        yield node
        children = [node.getChildAtIndex(i) for i in range(min(node.childCount, 500))]
    except Exception:  # pyatspi raises what the bus says, of several kinds
        return
    for child in children:
        if child is not None:
            yield from nodes(child)


def named(name):
    return next((node for node in nodes(program()) if node.name == name), None)


def words(name):
    """What a view that paints its own text says is in sight."""
    view = next((node for node in nodes(program()) if node.name == name and node.getRole() == pyatspi.ROLE_DOCUMENT_FRAME), None)
    if view is None:
        return ""
    text = view.queryText()
    return text.getText(0, text.characterCount)


def page(number):
    subprocess.run(["xdotool", "key", f"ctrl+{number}"], check=True)


def judge(number):
    page(number)
    for name in PAGES[number]:
        until(f"page {number} has no \"{name}\"", lambda name=name: named(name))
    seen = list(nodes(program()))
    for node in seen:
        if node.getState().contains(pyatspi.STATE_FOCUSABLE) and node.getRole() not in PARTS and not node.name:
            wrong.append(f"page {number}: a {node.getRoleName()} without a name in \"{node.parent.name if node.parent else ''}\"")
    print(f"ok: page {number}, {len(seen)} nodes")


until("no program on the accessibility bus", program)
until("no window", lambda: next((node for node in nodes(program()) if node.getRole() == pyatspi.ROLE_FRAME), None))
for number in PAGES:
    judge(number)

page(1)
until("no demo", lambda: named("Try the demo")).queryAction().doAction(0)
until("the transcript says nothing of the demo", lambda: "_file" in words("Transcript") or "run_" in words("Transcript"), 60)
print("ok: the transcript is read")
until("no tab Log", lambda: next((node for node in nodes(program()) if node.name == "Log" and node.getRole() == pyatspi.ROLE_PAGE_TAB), None)).queryAction().doAction(0)
until("the log says nothing", lambda: words("Log").strip(), 60)
print("ok: the log is read")
for complaint in wrong:
    print(f"FAILED: {complaint}", file=sys.stderr)
sys.exit(1 if wrong else 0)
