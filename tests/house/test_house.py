"""The rules of the house that no ready-made tool checks. The floors and doors are import contracts (pyproject.toml);
docstrings, names and package folders are ruff's."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from faceid_review.i18n import LANGUAGES
from tests import words

HOUSE = Path(__file__).parents[2]
ROOMS = HOUSE / "faceid_review"

NO_ROOM = {
    "utils",
    "util",
    "helpers",
    "helper",
    "manager",
    "core",
    "common",
    "base",
    "misc",
    "service",
    "controller",
}

LONGEST = 450
LONGEST_OF = {"desk/window.py": 250}

# How often anything at all may be caught: on the last line of a thread, of an event loop or of the program, and where
# the queue calls its listener, because an answer under way is kept whatever becomes of who listens. A panic inside typst
# derives from BaseException.
LAST_LINES = {
    "cli/__init__.py": 1,
    "desk/application.py": 1,
    "desk/relay.py": 1,
    "review/retrieval.py": 2,
    "snapshot/document.py": 1,
}

# Written so that the patterns do not find themselves.
PACKAGE_HOST = re.compile(
    r"""(?i)index[-]url|find[-]links\s*=|pypi[.]org|pythonhosted[.]|npmjs[.]|registry\s*=\s*["']"""
)
THIS_MACHINE = re.compile(r"(?<![\w.~$}-])/(?:home|work|root|Users)/\w|[A-Z]:\\Users\b")

# A key in our words: its part, a dot, its name.
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_-]+)+")
OPENING = re.compile(r"[a-z][a-z0-9_]*\.[a-z0-9_.-]*")
# Calls whose dotted text is a name in someone else's language.
NOT_WORDS = {"setObjectName", "findChild", "findChildren", "getLogger"}


@cache
def project_files() -> dict[str, str]:
    """Every text file that is, or is about to be, in the repository, by its path."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=HOUSE, capture_output=True, check=True).stdout.decode().split("\0")
    files = {}
    for name in filter(None, names):
        try:
            files[name] = (HOUSE / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue  # a picture; a file just deleted
    return files


@cache
def rooms() -> dict[str, ast.Module]:
    """Every module of the package, by its path inside it."""
    return {
        path.relative_to(ROOMS).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(ROOMS.rglob("*.py"))
    }


def test_no_room_has_an_empty_name() -> None:
    names = {name: {*Path(name).parent.parts, Path(name).stem} for name in rooms()}
    assert not [name for name, said in names.items() if said & NO_ROOM]


def test_no_module_outgrows_its_name() -> None:
    lines = {name: len((ROOMS / name).read_text(encoding="utf-8").splitlines()) for name in rooms()}
    assert not {name: n for name, n in lines.items() if n > LONGEST_OF.get(name, LONGEST)}


@pytest.mark.parametrize("pattern", [PACKAGE_HOST, THIS_MACHINE], ids=["package host", "this machine"])
def test_nothing_names_a_package_host_or_this_machine(pattern: re.Pattern[str]) -> None:
    found = [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in project_files().items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
    assert not found


def test_the_lock_covers_what_the_package_asks_for() -> None:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [wish for wishes in project["optional-dependencies"].values() for wish in wishes]
    asked = {canonical(wish) for wish in [*project["dependencies"], *extras]}
    locked = re.findall(
        r"^([\w.-]+)==\S+ \\\n    --hash=sha256:", (HOUSE / "requirements.lock").read_text(), re.MULTILINE
    )
    assert asked <= {canonical(name) for name in locked}


def canonical(requirement: str) -> str:
    """The name in a requirement as registries compare it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement)[0]).lower()


# ---- what may be caught


def test_anything_at_all_is_caught_only_on_the_last_lines() -> None:
    broad = {name: [h.lineno for h in handlers(tree) if catches_all(h)] for name, tree in rooms().items()}
    outside = {name: lines for name, lines in broad.items() if len(lines) > LAST_LINES.get(name, 0)}
    assert not outside


def handlers(tree: ast.Module) -> Iterator[ast.ExceptHandler]:
    """Every ``except`` of a module."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler))


def catches_all(handler: ast.ExceptHandler) -> bool:
    """Whether everything ends here: bare, or Exception by any name, without being raised again as it was."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    broad = any(
        k is None or (isinstance(k, ast.Name) and k.id in {"Exception", "BaseException"}) for k in kinds
    )
    last = handler.body[-1]
    return broad and not (isinstance(last, ast.Raise) and last.exc is None)


# ---- our words


def test_the_words_are_whole_in_every_language_and_compiled() -> None:
    assert tuple(words.languages()) == LANGUAGES
    assert not words.problems()


def test_every_word_said_is_written() -> None:
    written = words.keys()
    parts = {key.partition(".")[0] for key in written}
    said = {key: name for name, tree in rooms().items() for key in keys_said(tree)}
    assert not {
        key: name for key, name in said.items() if key not in written and key.partition(".")[0] in parts
    }


def test_every_word_written_is_said() -> None:
    texts = {text for tree in rooms().values() for text in constants(tree)}
    # f"stage.{stage}" and f"cli.help_{name}": which of them is known only when it runs
    openings = tuple(
        text for tree in rooms().values() for text in beginnings(tree) if OPENING.fullmatch(text)
    )
    errors = {f"error.{text}" for text in texts}
    assert not {key for key in words.keys() - texts - errors if not key.startswith(openings)}


def keys_said(tree: ast.Module) -> Iterator[str]:
    """Every key that a module asks words for: the first argument of a call, and the wording of an error."""
    errors = {node.name for node in rooms()["errors.py"].body if isinstance(node, ast.ClassDef)}
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not call.args:
            continue
        called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        match call.args[0]:
            case ast.Constant(value=str(text)) if called in errors:
                yield f"error.{text}"
            case ast.Constant(value=str(text)) if called not in NOT_WORDS and KEY.fullmatch(text):
                yield text


def constants(tree: ast.Module) -> Iterator[str]:
    """Every text literal of a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def beginnings(tree: ast.Module) -> Iterator[str]:
    """What every f-string of a module begins with, where that is text."""
    for node in ast.walk(tree):
        match node:
            case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
                yield text
