"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Time limits per example belong to benchmarks: a busy machine is no failure.
settings.register_profile("dermshift", deadline=None, max_examples=40)
settings.load_profile("dermshift")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """Folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of the public data that is kept outside the repository; skips where it is absent."""
    folder = Path(os.environ.get("DERMSHIFT_REAL_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"public data not found at {folder}; set DERMSHIFT_REAL_DATA")
    return folder


@pytest.fixture(scope="session")
def glucocorticoid_genes() -> dict[str, str]:
    """Ensembl ids of genes known to go up under glucocorticoids, by symbol."""
    return {
        "FKBP5": "ENSG00000096060",
        "TSC22D3": "ENSG00000157514",
        "PER1": "ENSG00000179094",
        "DUSP1": "ENSG00000120129",
        "KLF9": "ENSG00000119138",
        "CRISPLD2": "ENSG00000103196",
    }
