"""No code of the vendor's two documents is without its entry in both languages (tests/unit/vendor_codes.toml)."""

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from faceid_review import resources
from faceid_review.faceid import glossary
from faceid_review.faceid.glossary import Meaning
from faceid_review.i18n import LANGUAGES

HERE = Path(__file__).parent
CODES: dict[str, dict[str, str]] = tomllib.loads((HERE / "vendor_codes.toml").read_text("utf-8"))
PAGES = [HERE.parents[2] / "shared" / "vendor" / name for name in ("pc-get-result.md", "facts.md")]
SAME = {"mobile SDK", "Verify codes in public clients", "real answers", "public code"}
"""Sources outside the vendor's pages: what rests on them alone is never called documented."""


def letter(code: str) -> Meaning | None:
    found = glossary.letter(code)
    return found.meaning if found else None


def refused(code: str) -> Meaning | None:
    found = glossary.refusal(code, 400)
    assert all(found.next_step.text(lang) for lang in LANGUAGES), code
    return found.meaning if found.known else None


def failed(code: str) -> Meaning | None:
    found = glossary.verify_error(code)
    assert all(found.next_step.text(lang) for lang in LANGUAGES), code
    return found.meaning if found.known else None


def parameter(code: str) -> Meaning | None:
    return glossary.verify_error(f"NO_FACE_FOUND:{code}").parameter


LOOKUPS: dict[str, Callable[[str], Meaning | None]] = {
    "error_messages": refused,
    "results": glossary.outcome,
    "failure_reasons": glossary.failure_reason,
    "verify_errors": failed,
    "verify_parameters": parameter,
    "checks": glossary.check,
    "exceptions": glossary.exception,
    "comparisons": glossary.against,
    "thresholds": glossary.field,
    "pictures": glossary.role,
    "letters": letter,
    "fields": glossary.field,
}


def every_code() -> list[tuple[str, str]]:
    return [(kind, code) for kind in LOOKUPS for code in CODES[kind]]


@pytest.mark.parametrize(("kind", "code"), every_code())
def test_every_code_has_its_entry_in_both_languages(kind: str, code: str) -> None:
    meaning = LOOKUPS[kind](code)
    assert meaning is not None, f"{kind}: {code} is not in the glossary"
    english, chinese = meaning.text("en"), meaning.text("zh")
    assert english
    assert not re.search("[\u4e00-\u9fff]", english)
    assert re.search("[\u4e00-\u9fff]", chinese), f"{kind}: {code} has no Chinese"
    for reading in (meaning.readings("en"), meaning.readings("zh")):
        assert all(one.ours for one in reading)


def test_the_table_names_every_kind_there_is() -> None:
    assert set(CODES) == {*LOOKUPS, "billed", "flags"}


@pytest.mark.parametrize(("error", "billed"), CODES["billed"].items())
def test_what_is_billed_is_what_the_documents_say(error: str, billed: str) -> None:
    assert glossary.verify_error(error).billed is (billed == "yes")


@pytest.mark.parametrize(
    "error", sorted({*CODES["verify_errors"]} - {e.partition(":")[0] for e in CODES["billed"]})
)
def test_where_nothing_is_said_of_the_bill_neither_do_we(error: str) -> None:
    assert glossary.verify_error(error).billed is None


@pytest.mark.parametrize(("name", "values"), CODES["flags"].items())
def test_every_value_of_a_flag_means_something(name: str, values: str) -> None:
    found = [look(name) for look in (glossary.field, glossary.check, glossary.exception)]
    (meaning,) = [one for one in found if one and one.values]
    for lang in LANGUAGES:
        said = [meaning.value(value, lang) for value in values.split()]
        assert all(said)
        assert len(set(said)) == len(said)


def test_nothing_in_the_glossary_is_from_nowhere() -> None:
    """The other way round: an entry that no document names would be our invention."""
    table = tomllib.loads(resources.read("glossary.toml").decode())
    assert {code.partition(":")[0] for code in CODES["error_messages"]} == set(table["errors"])
    assert set(CODES["failure_reasons"]) == set(table["failure_reasons"])
    assert set(CODES["verify_errors"]) == set(table["verify_errors"]) - {"unknown", "of_any_api"}
    assert set(CODES["checks"]) == set(table["checks"])
    assert set(CODES["exceptions"]) == set(table["exceptions"])
    assert set(CODES["letters"]) == set(table["letters"])
    assert {*CODES["fields"], *CODES["thresholds"]} == set(table["fields"])
    assert set(CODES["results"]) == set(table["outcomes"])


def test_what_rests_on_no_page_is_never_called_documented() -> None:
    for kind, look in LOOKUPS.items():
        for code, source in CODES[kind].items():
            meaning = look(code)
            if source in SAME and meaning and meaning.source in SAME:
                assert meaning.sure is not glossary.Sure.DOCUMENTED, f"{kind}: {code}"
    assert {letter(code).sure for code in CODES["letters"]} == {glossary.Sure.INFERRED}  # type: ignore[union-attr]


# ---- against the documents themselves, where they lie beside the project


def documents() -> list[str]:
    if not all(page.is_file() for page in PAGES):
        pytest.skip("the vendor's documents are not part of the repository")
    return [page.read_text("utf-8") for page in PAGES]


def test_no_code_of_the_documents_is_missing_in_the_table() -> None:
    page, facts = documents()
    known = {name for kind in CODES for code in CODES[kind] for name in (code, code.partition(":")[0])}
    known |= {value for values in CODES["flags"].values() for value in values.split()}
    answer = "".join(re.findall(r"```\n(\{.*?\n\})", page, re.DOTALL))
    named = set(re.findall(r'"([a-z_0-9]+|1e-\d)"\s*:', answer))
    named |= set(re.findall(r"\b([A-Z]+(?:_[A-Z]+)+)\b", page)) - {
        "ERROR_MESSAGE",
        "API_SECRET",
        "RAW_ERROR_MESSAGE",
    }
    named |= set(re.findall(r"^\| (?:\d+ \| )?([A-Z]+(?:_[A-Z]+)+)", facts, re.MULTILINE)) - {"FACE_NAME"}
    pairs = {name.rpartition("_")[0] for name in named if name.endswith(("_confidence", "_threshold"))}
    named = {name for name in named if not name.endswith(("_confidence", "_threshold"))} | pairs
    assert len(named) > 40
    assert named - known == set()
    letters = re.findall(r"^\| ([A-Za-z](?: / [A-Z])?) \| [A-Z]", facts, re.MULTILINE)
    assert set(" / ".join(letters).split(" / ")) == set(CODES["letters"])


def quoted() -> Iterator[tuple[str, str]]:
    """Every (code, words of the vendor) of the glossary."""

    def walk(node: Any, at: str) -> Iterator[tuple[str, str]]:
        if isinstance(node, dict):
            if isinstance(node.get("vendor"), str) and node["vendor"]:
                yield at, node["vendor"]
            for key, inner in node.items():
                yield from walk(inner, f"{at}.{key}" if at else key)
        elif isinstance(node, list):
            for inner in node:
                yield from walk(inner, at)

    return walk(tomllib.loads(resources.read("glossary.toml").decode()), "")


def test_the_vendor_is_quoted_to_the_letter() -> None:
    page, _ = documents()
    plain = "".join(page.split())
    found = dict(quoted())
    assert len(found) > 40
    assert {at: said for at, said in found.items() if "".join(said.split()) not in plain} == {}
