"""What README, CONTRIBUTING and docs tell a reader to type, open or copy is there."""

from __future__ import annotations

import json
import re

import pytest
import yaml

from dermshift.cli.app import app
from dermshift.config.read import validate

PAGES = (
    *("README.md", "CONTRIBUTING.md", "SECURITY.md", "config/README.md"),
    *(f"docs/{name}.md" for name in ("input", "install", "output", "replication", "studies", "cluster")),
)
TYPED = re.compile(r"(?:^ {4,}|`)(?:\.venv/bin/)?(make|dermshift) ([a-z][a-z-]*)(?![\w*])", re.MULTILINE)


def text(root, page):
    return (root / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_every_word_to_be_typed_is_one(root, page):
    words = set(re.findall(r"^\.PHONY: (.+)$", text(root, "Makefile"), re.MULTILINE)[0].split())
    verbs = {command.name for command in app.registered_commands} | {group.name for group in app.registered_groups}
    known = {"make": words | {"pseudobulk"}, "dermshift": verbs}
    assert [typed for typed in TYPED.findall(text(root, page)) if typed[1] not in known[typed[0]]] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_file(root, page):
    links = re.findall(r"\]\(([^)#:]+)\)", text(root, page))
    assert [link for link in links if not (root / page).parent.joinpath(link).exists()] == []


def test_every_picture_is_shown_and_small(root):
    pictures = {path.name: path.stat().st_size for path in (root / "docs" / "images").iterdir()}
    assert set(re.findall(r"docs/images/([\w.]+)", text(root, "README.md"))) == set(pictures)
    assert max(pictures.values()) < 500_000


def notebook_text(root):
    cells = json.loads(text(root, "notebooks/04_own_study.ipynb"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells)


@pytest.mark.parametrize("page", ["README.md", "notebooks/04_own_study.ipynb"])
def test_a_configuration_that_is_shown_is_valid(root, page):
    said = notebook_text(root) if page.endswith("ipynb") else text(root, page)
    blocks = re.findall(r"```yaml\n(study:.*?)```", said, re.DOTALL)
    assert blocks
    for block in blocks:
        assert validate(yaml.safe_load(block), page).study.name == "mine"


def test_the_tour_names_files_a_run_leaves(root, small_results):
    tour = text(root, "README.md").partition("## Quick tour")[2].partition("\n## ")[0]
    named = re.findall(r"results/example/([\w./-]+\w)", tour)
    assert len(named) > 1
    assert [name for name in named if not (small_results / name).exists()] == []
