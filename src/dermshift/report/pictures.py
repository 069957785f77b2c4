"""Figures inside a page."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from dermshift.report.facts import Picture

if TYPE_CHECKING:
    from pathlib import Path

TYPES = {".svg": "image/svg+xml", ".png": "image/png"}


def pictures(folder: Path) -> tuple[Picture, ...]:
    """Return the figures that ``index.json`` lists, each as whichever of SVG and PNG is smaller.

    A scatter of thousands of genes is smaller as PNG, a plot of a few patients as SVG.
    """
    names: list[str] = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    return tuple(_picture(folder, name) for name in names)


def _picture(folder: Path, name: str) -> Picture:
    suffix, content = min(
        ((suffix, (folder / f"{name}{suffix}").read_bytes()) for suffix in TYPES), key=lambda item: len(item[1])
    )
    claim: dict[str, str] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return Picture(name, f"data:{TYPES[suffix]};base64,{base64.b64encode(content).decode('ascii')}", claim)
