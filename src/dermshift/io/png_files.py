"""PNGs with a palette: a third of the bytes, for pictures that hold few colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image

MOST_COLOURS = 256
"""Colours a palette can hold; the others are blends at the edges of letters and lines."""
LEAST_COVERED = 0.998
"""Share of the pixels that have to keep their colour; a picture with shading has less, and would show bands."""
PACKED = np.array([1 << 16, 1 << 8, 1], dtype=np.uint32)


def with_palette(path: Path) -> None:
    """Rewrite an opaque PNG with its most frequent colours; any other becomes the nearest of them.

    No colour of an area changes, which the library's own choice of a palette does not promise. A picture with shading,
    such as a colour bar, keeps every colour.
    """
    from PIL import Image

    with Image.open(path) as picture:
        dpi, plain = picture.info.get("dpi"), picture.convert("RGB")
    indexed(plain).save(path, format="PNG", **({"dpi": dpi} if dpi else {}))


def indexed(picture: Image) -> Image:
    """Return an RGB picture with a palette of its most frequent colours, or as it is where it is shaded."""
    from PIL import Image

    counted = sorted(picture.getcolors(picture.width * picture.height) or [], reverse=True)
    if sum(n for n, _ in counted[:MOST_COLOURS]) < LEAST_COVERED * picture.width * picture.height:
        return picture
    every = np.array([colour for _, colour in counted], dtype=np.int32)
    kept = every[:MOST_COLOURS]
    nearest = ((every[:, None] - kept[None]) ** 2).sum(axis=2).argmin(axis=1)
    place = np.zeros(1 << 24, dtype=np.uint8)
    place[every @ PACKED] = nearest
    small = Image.fromarray(place[np.asarray(picture) @ PACKED])
    small.putpalette(kept.astype(np.uint8).tobytes())
    return small
