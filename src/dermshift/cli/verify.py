"""``dermshift verify-bundle``: compare a bundle with its own manifest."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Bundle = Annotated[Path, typer.Argument(metavar="BUNDLE", help="A bundle.zip.")]


def verify_bundle(path: Bundle) -> None:
    """Check every file of a bundle against its manifest; exit 2 if any is missing, added or changed."""
    from dermshift.report.verify import verify

    print(f"{path}: {verify(path)} files, each as in the manifest")
