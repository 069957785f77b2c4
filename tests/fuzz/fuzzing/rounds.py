"""Atlases whose arrays contradict each other; run in a process of its own, with the bounds of every index checked."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1]))

from fuzzing.atlases import CELLS, GENES, summed, write_all
from fuzzing.damage import ODD, apply, edits
from fuzzing.survive import bounded_memory, survives

MANY = os.environ.get("DERMSHIFT_FUZZ", "")
PROFILE = settings(max_examples=int(MANY or 80), derandomize=not MANY, database=None, deadline=None)
numbers = st.one_of(st.integers(1, 9), st.integers(1, CELLS), st.sampled_from(ODD))
lines = st.lists(st.tuples(numbers, numbers, numbers), max_size=12)


def hdf5(folder: Path, kind: Path, cells: str) -> None:
    target = folder / f"damaged{kind.suffix}"

    @PROFILE
    @given(edits)
    def attempt(wanted: list[object]) -> None:
        shutil.copy(kind, target)
        apply(target, wanted)
        survives(summed, str(target), cells)

    attempt()


def entries(folder: Path, cells: str) -> None:
    matrix = folder / "mtx" / "matrix.mtx"

    @PROFILE
    @given(lines, st.integers(-1, 1))
    def attempt(rows: list[tuple[int, int, int]], off: int) -> None:
        size = f"{GENES} {CELLS} {max(len(rows) + off, 0)}"
        text = "\n".join(" ".join(map(str, row)) for row in rows)
        matrix.write_text(f"%%MatrixMarket matrix coordinate integer general\n{size}\n{text}\n")
        survives(summed, str(matrix.parent), cells)

    attempt()


def main(folder: Path) -> None:
    """Run every round below `folder`."""
    paths = write_all(folder)
    cells = str(folder / "cells.tsv")
    with bounded_memory():
        for kind in ("csr", "csc", "dense", "tenx"):
            hdf5(folder, paths[kind], cells)
        entries(folder, cells)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
