from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from dermshift.errors import ConfigError
from dermshift.workflow.locks import Place, at_work, busy, locked

if TYPE_CHECKING:
    from pathlib import Path


def test_a_second_run_of_any_of_the_studies_is_refused(tmp_path: Path) -> None:
    one, other, third = (Place(name, tmp_path / name) for name in ("one", "other", "third"))
    with locked([one, other]) as held:
        assert len(held) == 2
        assert busy(other.kept("lock"))
        with pytest.raises(ConfigError, match="another run of this study") as refused, locked([third, other, one]):
            pass
        assert len(refused.value.problems) == 2
        assert not busy(third.kept("lock"))
    assert not busy(one.kept("lock"))
    with locked([one, other]):
        pass


def test_a_step_that_still_writes_holds_the_next_run_back(tmp_path: Path) -> None:
    place = Place("one", tmp_path / "one")
    refused = pytest.raises(ConfigError, match="a step of an earlier run, still at work")
    with at_work(place.folder), at_work(place.folder), refused, locked([place]):
        pass
    with locked([place]):
        pass


def test_a_lock_ends_with_its_holder(tmp_path: Path) -> None:
    place = Place("one", tmp_path / "one")
    if (child := os.fork()) == 0:
        with locked([place]):
            os._exit(0)
    os.waitpid(child, 0)
    assert place.kept("lock").exists()
    assert not busy(place.kept("lock"))


def test_asking_leaves_no_file(tmp_path: Path) -> None:
    assert not busy(tmp_path / "nobody.lock")
    assert list(tmp_path.iterdir()) == []
