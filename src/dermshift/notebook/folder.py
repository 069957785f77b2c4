"""Finding the folder of a study from a notebook, and the project around it."""

from __future__ import annotations

import os
from pathlib import Path

from dermshift.errors import ConfigError, Problem
from dermshift.notebook.results import Results

RESULTS = "DERMSHIFT_RESULTS"
"""Environment variable that names the folder of the study the notebooks show."""
EXAMPLE = "results/example"


def open_study(folder: str | Path | None = None) -> Results:
    """Open what a run left behind.

    Parameters
    ----------
    folder
        ``results/<study>``, from the folder of the notebook or the one above it; without one, what the environment
        variable ``DERMSHIFT_RESULTS`` names, or else ``results/example``.

    Raises
    ------
    ConfigError
        No finished run is there.
    """
    wanted = Path(folder or os.environ.get(RESULTS) or EXAMPLE)
    found = find(wanted)
    if found is None or not (found / "manifest.json").is_file():
        action = "Type `make run`, or `make run CONFIG=config/mine.yaml` for a study of your own."
        raise ConfigError(Problem(f"folder {wanted}", "no finished run", "results/<study> with manifest.json", action))
    return Results.of(found)


def find(path: Path) -> Path | None:
    """Return `path` as seen from here or from the folder above, None where it is in neither."""
    return next((base / path for base in (Path(), Path("..")) if (base / path).exists()), None)
