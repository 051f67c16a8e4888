import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.structure.house import ROOT, rooms, tree

LINES = 400
LINES_OF_A_FUNCTION = 50
# Put together here, so that this file does not hold what it looks for.
FORBIDDEN = {
    "the address of a package registry": (
        "py" + "pi.org",
        "python" + "hosted.org",
        "npm" + "js.",
        "crates" + ".io",
        "proxy.golang" + ".org",
        "docker" + ".io/",
        "ghcr" + ".io",
        "quay" + ".io",
        "index" + "-url =",
    ),
    "a path of the machine it was written on": ("/" + "work/", "/" + "root/", "/" + "home/"),
    "a path outside the repository": ("." + "./shared",),
}
CLOCKS = {"now", "today", "utcnow", "time", "time_ns", "monotonic", "perf_counter"}


def tracked(*suffixes: str) -> list[Path]:
    """What git keeps, or would keep: files that are ignored are nobody's."""
    asked = ("git", "ls-files", "--cached", "--others", "--exclude-standard")
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("this is no git checkout")
    paths = (ROOT / name for name in done.stdout.splitlines())
    return [path for path in paths if path.is_file() and (not suffixes or path.suffix in suffixes)]


def sources() -> list[Path]:
    found = [path for part in ("services", "tests") for path in sorted((ROOT / part).rglob("*.py"))]
    assert found
    return found


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def long_functions(path: Path) -> list[str]:
    """Functions that are too long and do not say why on their first line or the one above."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        f"{path.name}:{node.lineno} {node.name}"
        for node in functions(path)
        if (node.end_lineno or node.lineno) - node.lineno + 1 > LINES_OF_A_FUNCTION
        and not any("# reason:" in line for line in lines[max(node.lineno - 2, 0) : node.lineno])
    ]


def clocks(path: Path) -> list[str]:
    """Calls that read a clock."""
    return [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS
    ]


def test_no_file_is_too_long_to_read() -> None:
    long = [path for path in sources() if len(path.read_text(encoding="utf-8").splitlines()) > LINES]
    assert [str(path.relative_to(ROOT)) for path in long] == []


def test_no_function_is_long_without_a_reason() -> None:
    assert [name for path in sources() for name in long_functions(path)] == []


def test_a_long_function_would_be_seen_and_one_with_a_reason_would_not(tmp_path: Path) -> None:
    body = "\n".join(["    pass"] * LINES_OF_A_FUNCTION)
    file = tmp_path / "file.py"
    file.write_text(f"def long():\n{body}\n\n\n# reason: a list\ndef listed():\n{body}\n")
    assert long_functions(file) == ["file.py:1 long"]


def test_rules_read_no_clock() -> None:
    found = [call for path in rooms("rules") for call in clocks(path)]
    assert found == []


@pytest.mark.parametrize("name", ["utils.py", "helpers.py", "common.py", "misc.py", "models.py"])
def test_no_file_is_named_for_nothing(name: str) -> None:
    assert [path for path in sources() if path.name == name] == []


def test_nothing_is_left_to_do() -> None:
    marks = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|NotImplemented" + r"Error")
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}" for path in sources() for match in marks.finditer(path.read_text())
    ]
    assert found == []


def test_every_silenced_type_error_has_a_reason() -> None:
    """`# type: ignore[code]  # why`: a bare one hides more than was meant."""
    silenced = re.compile(r"# type: " + r"ignore(?!\[[\w, -]+\]\s+#)")
    assert [str(path.relative_to(ROOT)) for path in sources() if silenced.search(path.read_text())] == []


@pytest.mark.parametrize("what", FORBIDDEN)
def test_nothing_in_the_repository_names(what: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in tracked()
        for word in FORBIDDEN[what]
        if word in path.read_text(encoding="utf-8", errors="replace")
    ]
    assert found == []


def test_the_lock_pins_every_package_with_hashes() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    entries = re.split(r"\n(?=\S)", lock.strip())
    assert [entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []
