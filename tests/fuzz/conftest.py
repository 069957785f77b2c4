"""Fuzzing: by default a short, repeatable round; ``DERMSHIFT_FUZZ=5000`` tries that many new inputs per reader."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

MANY = os.environ.get("DERMSHIFT_FUZZ", "")
# A short round must give the same verdict each time; a long one is there to find something new.
settings.register_profile(
    "fuzz",
    max_examples=int(MANY or 60),
    derandomize=not MANY,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder that the examples of one module share; each overwrites its file."""
    return tmp_path_factory.mktemp("fuzz")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A failing example of a huge field is long; that is no fault."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore:Generating overly large repr"))
