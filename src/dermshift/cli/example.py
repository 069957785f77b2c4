"""``dermshift example``: the synthetic example study, laid into a folder."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[Path, typer.Argument(help="Folder to fill; new or empty.")]


def example(folder: Folder) -> None:
    """Lay the synthetic example study into a folder: configuration, counts, sheet, gene sets and annotation."""
    from dermshift.shipped import SHIPPED

    need_empty(folder)
    shutil.copytree(SHIPPED / "example", folder, dirs_exist_ok=True)
    print(f"{folder}: the example study. Synthetic: every change in it is assumed.")
    print(f"next: cd {folder} && dermshift run config/config.yaml")


def need_empty(folder: Path) -> None:
    """Refuse a folder in which anything could be overwritten.

    Raises
    ------
    ConfigError
        `folder` is a file, or something is in it.
    """
    from dermshift.errors import ConfigError, Problem

    if folder.is_dir():
        inside = sorted(path.name for path in folder.iterdir())
        found = f"not empty: {inside[0]}" if inside else ""
    else:
        found = "a file" if folder.exists() else ""
    if found:
        raise ConfigError(Problem(str(folder), found, "a new or an empty folder", "Name another folder."))
