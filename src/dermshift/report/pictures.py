"""Figures inside a page."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dermshift.report.packed import pack

if TYPE_CHECKING:
    from pathlib import Path

SVG, PNG = "image/svg+xml", "image/png"


@dataclass(frozen=True)
class Picture:
    """A figure as the report shows it.

    Parameters
    ----------
    svg, png
        The same picture twice. A scatter of thousands of genes is smaller as PNG, a plot of a few patients as SVG.
    claim
        The figure's claim card: ``question``, ``shows``, ``does_not_show``, ``n``, ``caution``, ``alt`` and more.
    """

    id: str
    svg: bytes
    png: bytes
    claim: dict[str, Any]

    @property
    def alt(self) -> str:
        """What the figure says to a reader who cannot see it."""
        return str(self.claim.get("alt") or self.claim["shows"])

    @property
    def uri(self) -> str:
        """The picture itself as a ``data:`` URI, whichever is smaller."""
        kind, content = min(((SVG, self.svg), (PNG, self.png)), key=lambda pair: len(pair[1]))
        return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"

    @cached_property
    def packed(self) -> tuple[str, str]:
        """Media type and packed content, whichever is smaller when packed."""
        drawn = pack(self.svg)
        if len(drawn) < len(self.png) / 2:  # a PNG is compressed already, no packing halves it
            return SVG, drawn
        return min(((SVG, drawn), (PNG, pack(self.png))), key=lambda pair: len(pair[1]))


def pictures(folder: Path) -> tuple[Picture, ...]:
    """Return the figures that ``index.json`` lists."""
    names: list[str] = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    return tuple(_picture(folder, name) for name in names)


def _picture(folder: Path, name: str) -> Picture:
    svg, png = ((folder / f"{name}.{suffix}").read_bytes() for suffix in ("svg", "png"))
    return Picture(name, svg, png, json.loads((folder / f"{name}.json").read_text(encoding="utf-8")))
