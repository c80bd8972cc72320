#!/usr/bin/env python3
"""Checks the recording of the demo without running it: check_demo.py ROOT_OF_THE_SOURCE_TREE

Every $file exists and every file is used; the tool calls, applied one after the other, are such that the tools would take
them; every document handed in meets its contract and tells the truth about the files of that moment. Prints what is wrong.
"""

import json
import re
import sys
from pathlib import Path

STAGES = ["architecture", "coding", "testing", "coding", "deployment", "monitoring"]
USAGE = {"input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"}
INPUTS = {  # tool: (required, optional)
    "read_file": ({"filepath"}, {"offset", "limit"}),
    "write_file": ({"filepath", "content"}, set()),
    "edit_file": ({"filepath", "old_string", "new_string"}, {"replace_all"}),
    "list_directory": (set(), {"path", "depth"}),
    "search_files": ({"pattern"}, {"path", "glob", "mode", "ignore_case", "context", "max_results"}),
    "run_command": ({"command"}, {"timeout_s", "workdir", "background"}),
    "update_plan": ({"items"}, set()),
    "create_architecture_doc": ({"doc_name", "content"}, set()),
    "run_tests": (set(), {"test_path", "pattern", "verbose"}),
    "run_coverage": (set(), {"output_format"}),
    "lint_code": (set(), {"path"}),
    "run_linter": (set(), {"path"}),
    "run_security_scan": (set(), {"scan_type"}),
    "check_health": ({"endpoint"}, {"expected_status"}),
    "analyze_metrics": ({"metrics_endpoint"}, set()),
}
WRITABLE = {"architecture": ("docs/",), "testing": ("tests/",), "monitoring": ("monitoring/", "docs/")}

problems = []


def expect(holds, *what):
    if not holds:
        problems.append(" ".join(str(word) for word in what))


class Project:
    """The files as the tools would leave them, and what the agent of the stage has read."""

    def __init__(self, demo):
        self.demo = demo
        self.files = {}
        self.used = set()
        self.seen = set()

    def text(self, value, place):
        if isinstance(value, str):
            return value
        name = value.get("$file") if isinstance(value, dict) and len(value) == 1 else None
        path = self.demo / (name or "")
        if not name or ".." in Path(name).parts or not path.is_file():
            expect(False, place, "names no file of the demo:", value)
            return ""
        self.used.add(name)
        return path.read_text()

    def take(self, stage, call, place):
        tool, given = call["tool"], call["input"]
        if tool not in INPUTS:
            return expect(False, place, "calls the unknown tool", tool)
        required, optional = INPUTS[tool]
        expect(required <= set(given) <= required | optional, place, tool, "has the wrong input", sorted(given))
        if tool == "create_architecture_doc":
            self.write(stage, f"docs/architecture/{given['doc_name']}.md", self.text(given["content"], place), place)
        elif tool == "write_file":
            self.write(stage, given["filepath"], self.text(given["content"], place), place)
        elif tool == "read_file":
            expect(given["filepath"] in self.files, place, "reads what is not there:", given["filepath"])
            self.seen.add(given["filepath"])
        elif tool == "edit_file":
            path, old = given["filepath"], given["old_string"]
            expect(path in self.seen, place, "edits unread", path)
            expect(self.files.get(path, "").count(old) == 1, place, "edits what is not there once:", path)
            self.write(stage, path, self.files.get(path, "").replace(old, given["new_string"]), place)

    def write(self, stage, path, content, place):
        expect(path not in self.files or path in self.seen, place, "overwrites unread", path)
        expect(path.startswith(WRITABLE.get(stage, ("",))), place, stage, "may not write", path)
        self.files[path] = content
        self.seen.add(path)

    def has_line(self, where):
        path, _, number = where.rpartition(":")
        return 1 <= int(number) <= self.files.get(path, "").count("\n")


def check_design(design, requirements, project):
    parts = {part["name"]: set(part.get("depends_on", [])) for part in design["components"]}
    expect(set().union(*parts.values()) <= set(parts), "design: a dependency is no component")
    left = dict(parts)
    while any(not needs & set(left) for needs in left.values()):
        left = {name: needs for name, needs in left.items() if needs & set(left)}
    expect(not left, "design: components in a cycle:", sorted(left))
    covered = {id for part in design["components"] for id in part["requirements"]}
    expect(covered == requirements, "design: requirements differ:", sorted(covered ^ requirements))
    paths = [file["path"] for file in design["files"]]
    expect(len(paths) == len(set(paths)), "design: a file is named twice")
    for path in [entry["spec"] for entry in design["interfaces"]] + design["decisions"]:
        expect(path in project.files, "design: no such document", path)


def check_implementation(document, requirements, project, design):
    done = {entry["requirement"] for entry in document["implements"]}
    expect(done == requirements, "implementation: requirements differ:", sorted(done ^ requirements))
    for entry in document["implements"]:
        for where in entry["where"]:
            expect(project.has_line(where), "implementation: no such line", where)
    for file in design["files"]:
        expect(file["path"] in project.files, "implementation: the design's file is missing:", file["path"])


def check_testreport(document, requirements, project):
    covered = {entry["requirement"] for entry in document["covers"]}
    expect(covered == requirements, "testreport: requirements differ:", sorted(covered ^ requirements))
    for test in [id for entry in document["covers"] for id in entry["tests"]] + [f["test"] for f in document["failures"]]:
        path, _, name = test.partition("::")
        expect(f"def {name.partition('[')[0]}(" in project.files.get(path, ""), "testreport: no such test", test)
    for finding in document["findings"]:
        expect(project.has_line(f"{finding['file']}:{finding['line']}"), "testreport: no such line", finding["id"])
        line = (project.files.get(finding["file"], "").split("\n") + [""])[finding["line"] - 1]
        expect(finding["evidence"] in line, "testreport: the evidence is not there:", finding["id"])


def check_deployment(document, requirements, project):
    for file in document["files"]:
        expect(file["path"] in project.files, "deployment: no such file", file["path"])
    for check in document["smoke"]:
        expect(check["requirement"] in requirements, "deployment: no such requirement", check["id"])
        re.compile(check["http"].get("matches", ""))


def check_monitoring(document, project):
    for alert in document["alerts"]:
        expect(f"- alert: {alert['alert']}\n" in project.files.get(alert["rule_file"], ""), "monitoring: no rule", alert["alert"])
        expect(f"\n## {alert['alert']}\n" in project.files.get(alert["runbook"], ""), "monitoring: no section", alert["alert"])
    for path in document["dashboards"]:
        ids = [panel["id"] for panel in json.loads(project.files[path])["panels"]]
        expect(len(ids) == len(set(ids)), "monitoring: panels share an id")


def main(root):
    demo = root / "resources" / "demo"
    recording = json.loads((demo / "recording.json").read_text())
    expect(recording["schema"] == "aap/recording/1", "the schema's name is wrong")
    expect("no model is called" in recording["label"], "the label must say that no model is called")
    requirements = set(re.findall(r"^- (R\d+): ", recording["requirements"], re.MULTILINE))
    expect([visit["stage"] for visit in recording["stages"]] == STAGES, "the stages are not", STAGES)

    project, design = Project(demo), None
    for number, visit in enumerate(recording["stages"]):
        stage = visit["stage"]
        project.seen = set()
        for index, turn in enumerate(visit["turns"]):
            place = f"stages[{number}].turns[{index}] ({stage}):"
            expect(set(turn) == {"say", "calls", "usage"}, place, "has other members")
            expect(set(turn["usage"]) == USAGE, place, "has other token figures")
            ends = [call for call in turn["calls"] if call["tool"] == "submit_result"]
            last = index == len(visit["turns"]) - 1
            expect(bool(ends) == last and (not last or len(turn["calls"]) == 1), place, "submit_result must come alone and last")
            for call in turn["calls"]:
                if call["tool"] != "submit_result":
                    project.take(stage, call, place)
        document = visit["turns"][-1]["calls"][-1]["input"]
        if stage == "architecture":
            design = document
            check_design(design, requirements, project)
        elif stage == "coding":
            check_implementation(document, requirements, project, design)
        elif stage == "testing":
            check_testreport(document, requirements, project)
        elif stage == "deployment":
            check_deployment(document, requirements, project)
        else:
            check_monitoring(document, project)

    project.used.add("files/todo/storage.py")  # what the repair has to lead to, see below
    present = {str(path.relative_to(demo)) for path in demo.rglob("*") if path.is_file()} - {"recording.json", "journal.jsonl"}
    expect(present == project.used, "files nobody writes, or written from nowhere:", sorted(present ^ project.used))
    final = (demo / "files/todo/storage.py").read_text()
    expect(project.files.get("todo/storage.py") == final, "the repair does not lead to files/todo/storage.py")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
