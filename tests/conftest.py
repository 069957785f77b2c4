"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import sys
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable

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


STAGES = ("load", "test", "enrich", "enriched", "evidence", "dossier", "plot", "report", "bundle")


def commands(values: dict[str, Any], stage: str) -> list[list[str]]:
    """Return the commands of a stage, as the workflow calls it."""
    flags = values["flags"]["enrich" if stage == "enriched" else stage]
    out = f"--out={values['folder']}"
    if stage not in ("test", "enrich", "evidence"):
        return [[stage, out, *flags]]
    return [[stage, out, f"--fit={fit['id']}", *fit["asks"], *flags] for fit in values["fits"]]


@pytest.fixture(scope="session")
def whole_run() -> Callable[[Path], Path]:
    """Run every stage of FOLDER/config.yaml in this process; return the folder of the study."""
    from dermshift.cli import main
    from dermshift.cli.examine import examined
    from dermshift.cli.options import ask_text
    from dermshift.workflow.settings import Plan
    from dermshift.workflow.settings import settings as settings_of

    def run(folder: Path) -> Path:
        with chdir(folder), pytest.MonkeyPatch.context() as context:
            result = examined(Path("config.yaml"))
            plan = Plan.of(result.config, [(ask_text(ask), design) for ask, design in result.designs])
            values: dict[str, Any] = settings_of(result.config, plan)
            for words in (words for stage in STAGES for words in commands(values, stage)):
                context.setattr(sys, "argv", ["dermshift", *words])
                with pytest.raises(SystemExit) as ended:
                    main()
                assert not ended.value.code, words[:3]
        return folder / str(values["folder"])

    return run
