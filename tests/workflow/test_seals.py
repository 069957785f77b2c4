from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from dermshift.workflow.locks import Place
from dermshift.workflow.seals import Seals

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A study of four files, sealed."""
    study = Place("trial", tmp_path / "results" / "trial")
    for name in ("study.h5ad", "tables/response.tsv", "figures/volcano.png", "figures/index.json", "logs/load.log"):
        path = study.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{name}: whole")
    Seals.of(study).seal()
    return study


def test_what_a_step_made_is_told(place: Place) -> None:
    (place.folder / "tables" / "response.tsv").write_text("made again")
    (place.folder / "designs.json").write_text("new")
    names = {"tables/response.tsv", "designs.json"}
    assert set(Seals.of(place).seal()) == {place.folder / name for name in names}
    assert Seals.of(place).seal() == []


def test_what_was_left_alone_is_good(place: Place) -> None:
    assert Seals.of(place).damaged() == []
    assert Seals.of(place).mend() == []
    assert (place.folder / "study.h5ad").is_file()


@pytest.mark.parametrize("text", ["", "tables", "tables/response.tsv: WHOLE"])
def test_a_damaged_file_is_removed_once(place: Place, text: str) -> None:
    path = place.folder / "tables" / "response.tsv"
    path.write_text(text)
    assert Seals.of(place).damaged() == ["tables/response.tsv"]
    assert Seals.of(place).mend() == ["tables/response.tsv"]
    assert not path.exists()
    assert Seals.of(place).mend() == []


def test_damage_that_keeps_size_and_date_is_beyond_it(place: Place) -> None:
    # The limit of looking at dates first; `dermshift verify` hashes every file.
    path = place.folder / "study.h5ad"
    date = path.stat().st_mtime_ns
    path.write_text("study.h5ad: WHOLE")
    os.utime(path, ns=(date, date))
    assert Seals.of(place).damaged() == []


def test_a_date_alone_is_no_damage(place: Place) -> None:
    os.utime(place.folder / "study.h5ad", ns=(5, 5))
    assert Seals.of(place).damaged() == []


def test_a_lost_figure_takes_its_index_along(place: Place) -> None:
    (place.folder / "figures" / "volcano.png").unlink()
    assert Seals.of(place).mend() == ["figures/volcano.png"]
    assert not (place.folder / "figures" / "index.json").exists()


def test_everything_lost_at_once(place: Place) -> None:
    for name in list(Seals.of(place).known):
        (place.folder / name).unlink()
    assert len(Seals.of(place).mend()) == 4
    assert Seals.of(place).known == {}


def test_logs_and_files_being_written_are_not_sealed(place: Place) -> None:
    (place.folder / ".report.html.7.part").write_text("half")
    seals = Seals.of(place)
    seals.seal()
    assert set(seals.known) == {"study.h5ad", "tables/response.tsv", "figures/volcano.png", "figures/index.json"}


def test_a_new_file_is_not_older_than_what_was_there(place: Place) -> None:
    newest = max((place.folder / name).stat().st_mtime_ns for name in Seals.of(place).known)
    path = place.folder / "study.h5ad"
    path.write_text("made again while the clock stood an hour behind")
    os.utime(path, ns=(newest - 3_600 * 10**9,) * 2)
    Seals.of(place).seal()
    assert path.stat().st_mtime_ns == newest
    assert Seals.of(place).damaged() == []


def test_files_ahead_of_the_clock_are_dated_back_in_their_order(place: Place) -> None:
    assert not Seals.of(place).past()
    later = time.time_ns() + 3_600 * 10**9
    for step, name in enumerate(["study.h5ad", "tables/response.tsv"]):
        (place.folder / name).write_text("made while the clock stood an hour ahead")
        os.utime(place.folder / name, ns=(later + step, later + step))
        Seals.of(place).seal()
    assert Seals.of(place).past()
    dates = [
        (place.folder / name).stat().st_mtime_ns for name in ("figures/index.json", "study.h5ad", "tables/response.tsv")
    ]
    assert dates == sorted(set(dates))
    assert dates[-1] <= time.time_ns()
    assert Seals.of(place).damaged() == []
    assert not Seals.of(place).past()


def test_lost_seals_are_taken_anew(place: Place) -> None:
    place.kept("seals.json").write_text('{"study.h5ad": [1')
    seals = Seals.of(place)
    assert seals.damaged() == []
    seals.seal()
    assert set(Seals.of(place).known) == set(seals.known) != set()


def test_files_that_are_no_longer_made_are_forgotten(place: Place) -> None:
    (place.folder / "tables" / "response.tsv").unlink()
    seals = Seals.of(place)
    seals.seal()
    assert "tables/response.tsv" not in Seals.of(place).known
