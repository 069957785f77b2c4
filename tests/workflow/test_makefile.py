from __future__ import annotations

import re
import subprocess

import pytest


def make(root, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *words], cwd=root, capture_output=True, text=True, check=False, timeout=60)


def test_make_alone_lists_the_words(root):
    listed = dict(re.findall(r"^make ([a-z-]+) +(.+)$", make(root).stdout, re.MULTILINE))
    assert {"run", "test", "lint", "types", "notebook", "notebooks", "clean", "help"} <= set(listed)
    phony = re.search(r"^\.PHONY: (.+)$", (root / "Makefile").read_text(), re.MULTILINE)
    assert set(listed) == set(phony[1].split())


@pytest.mark.parametrize("word", ["run", "test"])
def test_an_old_python_is_refused_in_words(root, tmp_path, word):
    old = tmp_path / "python3.9"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2\nexit 1\n')
    old.chmod(0o755)
    done = make(root, word, f"PYTHON={old}", f"VENV={tmp_path / 'venv'}")
    assert done.returncode == 2
    assert "needs Python 3.11 or newer; found: Python 3.9.2" in done.stderr
    assert not (tmp_path / "venv").exists()


def test_constraints_hold_names_versions_and_markers_only(root):
    line = re.compile(r"[a-z0-9.-]+==[0-9a-z.]+( ; [^/@]+)?")
    lines = (root / "constraints.txt").read_text().splitlines()
    assert len(lines) > 100
    assert [text for text in lines if not line.fullmatch(text)] == []


def test_every_dependency_is_constrained(root):
    import tomllib

    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *(text for extra in extras for text in extra)]
    names = {re.match(r"[A-Za-z0-9._-]+", text)[0].lower() for text in wanted}
    pinned = {text.split("==")[0] for text in (root / "constraints.txt").read_text().splitlines()}
    assert names <= pinned
