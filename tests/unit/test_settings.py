"""Settings: kept whole, read leniently, and never a reason why a vault does not open."""

import json
import stat
import sys
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faceid_review.settings import Settings, default_home


def written(home: Path, value: Any) -> Settings:
    (home / "settings.json").write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())
    return Settings.load(home)


def test_without_a_file_there_are_defaults(tmp_path: Path) -> None:
    assert Settings.load(tmp_path / "nowhere") == Settings()


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    settings = Settings(
        lang="zh", theme="dark", at_once=4, proxy="http://proxy:8080", silence_s=5.5, columns=(3, 1, 2)
    )
    settings.save(tmp_path)
    assert Settings.load(tmp_path) == settings
    settings.but(lang="en").save(tmp_path)
    assert Settings.load(tmp_path) == settings.but(lang="en")
    assert [path.name for path in tmp_path.iterdir()] == ["settings.json"]


@pytest.mark.skipif(sys.platform == "win32", reason="permissions there are lists")
def test_the_file_is_its_owner_s_alone(tmp_path: Path) -> None:
    (tmp_path / "settings.json.new").write_text("left by a crash")
    (tmp_path / "settings.json.new").chmod(0o644)
    (tmp_path / "settings.json.new").unlink()
    Settings().save(tmp_path)
    assert stat.S_IMODE((tmp_path / "settings.json").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"null",
        b"[]",
        b"1",
        b'"x"',
        b"{",
        b"\xff\xfe\x00",
        b"\x80",
        b'{"lang": NaN}',
        b'\xef\xbb\xbf{"lang":"zh"}',
    ],
)
def test_a_file_that_cannot_be_read_is_as_if_there_were_none(tmp_path: Path, text: bytes) -> None:
    assert written(tmp_path, text) == Settings()


@pytest.mark.parametrize(
    "text", [b"[" * 100_000, b'{"silence_s": 1' + b"0" * 400 + b"}"], ids=["deep", "large"]
)
def test_no_file_whatever_keeps_a_vault_shut(tmp_path: Path, text: bytes) -> None:
    assert written(tmp_path, text) == Settings()


@pytest.mark.parametrize("field", fields(Settings), ids=lambda field: field.name)
@pytest.mark.parametrize("value", [None, True, [], {}, "x", -1.5, ["x"]], ids=repr)
def test_a_value_of_another_kind_is_not_taken(tmp_path: Path, field: Any, value: Any) -> None:
    default = getattr(Settings(), field.name)
    read = getattr(written(tmp_path, {field.name: value, "unknown": 1}), field.name)
    assert type(read) is type(default)


@pytest.mark.parametrize(
    "value",
    [{"at_once": 0}, {"at_once": -1}, {"at_once": 10**9}, {"silence_s": 0}, {"silence_s": -1.0}, {"connect_s": 0.0},
     {"deadline_s": -5}, {"deadline_s": float("nan")}, {"silence_s": float("inf")}, {"columns": ["x"]}],
    ids=repr,
)  # fmt: skip
def test_a_number_that_makes_no_sense_is_not_taken(tmp_path: Path, value: dict[str, Any]) -> None:
    assert written(tmp_path, value) == Settings()


@given(
    st.dictionaries(
        st.sampled_from([f.name for f in fields(Settings)]),
        st.none() | st.booleans() | st.text(max_size=5) | st.integers(-(10**6), 10**6) | st.floats(),
    )
)
def test_any_settings_are_read(tmp_path_factory: pytest.TempPathFactory, value: dict[str, Any]) -> None:
    read = asdict(written(tmp_path_factory.getbasetemp(), value))
    assert {name: type(item) for name, item in read.items()} == {
        name: type(item) for name, item in asdict(Settings()).items()
    }


def test_nothing_in_clear_says_anything_about_anybody() -> None:
    """A new setting must be weighed: this file is the one that lies on the disk in clear."""
    assert {f.name for f in fields(Settings)} == {
        "lang", "theme", "at_once", "blind", "proxy", "connect_s", "silence_s", "deadline_s", "columns",
        "retention_days", "covers_each_case", "export", "time_stamps",
    }  # fmt: skip


def test_the_folder_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACEID_REVIEW_HOME", "/elsewhere/vault")
    assert default_home() == Path("/elsewhere/vault")
    monkeypatch.setenv("FACEID_REVIEW_HOME", "")
    assert default_home().name == "faceid-review"
