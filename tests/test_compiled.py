"""Where the machine code is kept: one folder per version of the sources."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dermshift import compiled
from dermshift.engines.deseq2 import kernels

KERNELS = Path(kernels.__file__).parent


@pytest.fixture
def sources(tmp_path) -> Path:
    """A copy of the kernels."""
    folder = tmp_path / "kernels"
    shutil.copytree(KERNELS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch) -> Path:
    """Keep what these tests compile out of the user's own cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_the_folder_of_equal_sources_is_the_same(sources):
    assert compiled.cache_folder(sources) == compiled.cache_folder(KERNELS)


@pytest.mark.parametrize("changed", ["special.py", "gram.py", "new.py"])
def test_a_change_in_any_kernel_is_a_new_folder(sources, changed):
    before = compiled.cache_folder(sources)
    with (sources / changed).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert compiled.cache_folder(sources) != before


def test_files_that_are_no_source_change_nothing(sources):
    before = compiled.cache_folder(sources)
    (sources / "notes.txt").write_text("x", encoding="utf-8")
    assert compiled.cache_folder(sources) == before


def test_the_cache_goes_where_the_user_wants_it(elsewhere):
    folder = compiled.cache_folder(KERNELS)
    assert folder.parent == elsewhere / "dermshift"
    assert not folder.exists()  # numba makes it when there is something to keep


def test_compiling_leaves_the_settings_of_numba_alone():
    import numba

    before = numba.config.CACHE_DIR

    def double(x: float) -> float:
        return 2 * x

    assert compiled.compiled(double)(1.5) == 3.0
    assert before == numba.config.CACHE_DIR
    assert list(compiled.cache_folder(Path(__file__).parent).rglob("*double*"))


def test_division_by_zero_is_an_infinity_and_no_error():
    def inverse(x: float) -> float:
        return 1.0 / x

    assert compiled.compiled(inverse)(0.0) == float("inf")
