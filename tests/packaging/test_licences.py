"""Every package a run needs may be combined with GPL-3.0-or-later, and the page of licences leaves none out."""

from __future__ import annotations

import importlib.util
import re

import pytest


@pytest.fixture(scope="module")
def licences(root):
    """The script that makes the page."""
    pytest.importorskip("packaging")
    spec = importlib.util.spec_from_file_location("licences", root / "docs" / "licences.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("use", ["run", "dev"])
def test_every_licence_may_be_combined_with_ours(licences, use):
    names = licences.closure(licences.requirements()[use])
    assert len(names) > 50
    said = {name: licences.licence(licences.installed(name)) for name in names}
    assert {name: text for name, text in said.items() if not licences.compatible(text)} == {}


@pytest.mark.parametrize(
    "said",
    [
        "Proprietary",
        "SSPL-1.0",
        "GPL-2.0-only",
        "MIT AND GPL-2.0-only",
        "Apache License 1.1",
        "BSD-4-Clause",
        "not said",
    ],
)
def test_a_licence_that_may_not_is_seen(licences, said):
    assert not licences.compatible(said)


def test_the_page_names_every_constrained_package(licences, root):
    page = (root / "docs" / "licences.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (?!package )(\S+) \| (.+) \| [a-z]+ \|$", page, re.MULTILINE))
    absent = re.findall(r"`([a-z0-9-]+)`(?=, |\n*$)", page.partition("\nNot installed")[2])
    assert sorted([*rows, *absent]) == licences.pinned()
    assert [name for name, said in rows.items() if not licences.compatible(said)] == []


def test_what_a_run_needs_is_in_the_table(licences, root):
    page = (root / "docs" / "licences.md").read_text(encoding="utf-8")
    run = re.findall(r"^\| (\S+) \| .+ \| run \|$", page, re.MULTILINE)
    assert {licences.canonical(text) for text in licences.requirements()["run"]} <= set(run)
