"""Single-cell inputs with damaged bytes: sums or a refusal."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fuzzing.atlases import summed, write_all, written
from fuzzing.mutate import damaged
from fuzzing.survive import bounded_memory, survives
from hypothesis import given, settings
from hypothesis import strategies as st

FILES = ("dense", "csr", "csc", "tenx")


@pytest.fixture(scope="module")
def atlases(folder: Path) -> dict[str, Path]:
    paths = write_all(folder)
    for path in paths.values():
        assert summed(str(path), str(folder / "cells.tsv")) is not None
    return paths


@pytest.mark.parametrize("kind", FILES)
def test_a_damaged_file(kind: str, atlases: dict[str, Path], folder: Path) -> None:
    content = atlases[kind].read_bytes()
    target = folder / f"damaged{atlases[kind].suffix}"

    @settings(settings.get_profile("fuzz"))
    @given(damaged(content))
    def attempt(bad: bytes) -> None:
        target.write_bytes(bad)
        survives(written, str(target), str(folder / "cells.tsv"), folder / "out")
        shutil.rmtree(folder / "out", ignore_errors=True)

    with bounded_memory():
        attempt()


@pytest.mark.parametrize("kind", ["atlas", "mtx"])
def test_a_folder_with_a_damaged_file(kind: str, atlases: dict[str, Path], folder: Path) -> None:
    target = folder / f"damaged_{kind}{atlases[kind].suffix}"
    shutil.copytree(atlases[kind], target)
    names = sorted(path.relative_to(target) for path in target.rglob("*") if path.is_file())

    @settings(settings.get_profile("fuzz"), max_examples=2 * settings.get_profile("fuzz").max_examples)
    @given(st.data())
    def attempt(data: st.DataObject) -> None:
        path = target / data.draw(st.sampled_from(names))
        sound = path.read_bytes()
        path.write_bytes(data.draw(damaged(sound)))
        try:
            survives(summed, str(target), str(folder / "cells.tsv"))
        finally:
            path.write_bytes(sound)

    with bounded_memory():
        attempt()


def test_a_damaged_table_of_cells(atlases: dict[str, Path], folder: Path) -> None:
    table = folder / "damaged_cells.tsv"

    @settings(settings.get_profile("fuzz"))
    @given(damaged((folder / "cells.tsv").read_bytes()))
    def attempt(bad: bytes) -> None:
        table.write_bytes(bad)
        survives(summed, str(atlases["tenx"]), str(table))

    with bounded_memory():
        attempt()


def test_no_index_leaves_its_array(folder: Path) -> None:
    """Compiled code writes wherever an index points: in a process of its own, every bound is checked."""
    room = folder / "rounds"
    room.mkdir()
    checked = os.environ | {"NUMBA_BOUNDSCHECK": "1", "XDG_CACHE_HOME": str(room / "cache")}
    words = [sys.executable, str(Path(__file__).parent / "fuzzing" / "rounds.py"), str(room)]
    done = subprocess.run(words, env=checked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-5000:]
