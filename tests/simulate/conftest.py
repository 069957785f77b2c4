"""Small synthetic studies shared by the tests of the simulator."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from dermshift.simulate import Settings, simulate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dermshift.simulate import Simulated


@pytest.fixture(scope="session")
def small(root: Path) -> Callable[..., Settings]:
    """Settings of a study of 400 genes; anything may be overridden."""
    return partial(Settings, seed=3, genes=400, data=root / "data")


@pytest.fixture(scope="session")
def study(small: Callable[..., Settings]) -> Simulated:
    return simulate(small())


@pytest.fixture(scope="session")
def crowd(small: Callable[..., Settings]) -> Simulated:
    """Many patients, so that averages come close to what was planted."""
    return simulate(small(females=60, males=60))
