"""docs/output.md names every file a run leaves, and no other."""

from __future__ import annotations

import re
import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

ROW = re.compile(r"^\| (`.+`) \|", re.MULTILINE)
FREE = re.compile(r"<[a-z]+>")
NOT_HERE = {
    "probes.tsv": "the study is no array of probe sets; tests/cli/test_load_probes.py reads it",
    "logs/": "of Snakemake, which did not run; tests/workflow/test_run.py reads it",
}


def names(root: Path) -> list[str]:
    """Return the first column of the page's first table, e.g. ``tables/<question>.tsv``; ``.png`` goes with its row."""
    page = (root / "docs" / "output.md").read_text(encoding="utf-8").partition("\n## ")[0]
    found = []
    for row in ROW.findall(page):
        first, *others = re.findall(r"`([^`]+)`", row)
        found += [first, *(first.removesuffix(PurePosixPath(first).suffix) + other for other in others)]
    return found


def pattern(name: str, questions: list[str]) -> re.Pattern[str]:
    """Return what a documented name stands for: a question for itself, any other word for a name without a slash."""
    asked = "|".join(sorted(map(re.escape, questions), key=len, reverse=True))
    parts = [re.escape(part) for part in FREE.split(name)]
    words = [f"(?:{asked})" if word == "<question>" else "[^/]+" for word in FREE.findall(name)]
    return re.compile("".join(part + word for part, word in zip(parts, [*words, ""], strict=True)))


@pytest.fixture(scope="module")
def left(small_results: Path) -> set[str]:
    tree = {path.relative_to(small_results).as_posix() for path in small_results.rglob("*") if path.is_file()}
    with zipfile.ZipFile(small_results / "bundle.zip") as bundle:
        return tree | {name.partition("/")[2] for name in bundle.namelist()}


@pytest.fixture(scope="module")
def questions(left: set[str]) -> list[str]:
    return [name.removeprefix("tables/").removesuffix(".running.tsv") for name in left if name.endswith(".running.tsv")]


def test_every_file_that_is_left_is_documented(root, left, questions):
    known = [pattern(name, questions) for name in names(root)]
    assert sorted(name for name in left if not any(one.fullmatch(name) for one in known)) == []


def test_every_documented_file_is_left(root, left, questions):
    documented = names(root)
    assert len(documented) > 30
    unknown = [name for name in documented if not any(map(pattern(name, questions).fullmatch, left))]
    assert sorted(unknown) == sorted(NOT_HERE)


def test_a_file_nobody_documented_is_noticed(root, questions):
    known = [pattern(name, questions) for name in names(root)]
    for name in ("tables/response.extra.tsv", "tables/nobody_asked.sets.tsv", "figures/pca.txt", "notes.txt"):
        assert not any(one.fullmatch(name) for one in known), name
