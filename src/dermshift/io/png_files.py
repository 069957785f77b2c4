"""PNGs with a palette: a third of the bytes, for pictures that hold few colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    import numpy.typing as npt
    from PIL.Image import Image

MOST_COLOURS = 256
"""Colours a palette can hold; the others are blends at the edges of letters and lines."""
LEAST_COVERED = 0.998
"""Share of the pixels that have to keep their colour; a picture with shading has less, and would show bands."""


def with_palette(source: Path | BinaryIO, target: Path) -> None:
    """Write an opaque picture as a PNG of its most frequent colours; any other becomes the nearest of them.

    No colour of an area changes, which the library's own choice of a palette does not promise. A picture with shading,
    such as a colour bar, keeps every colour. `source` may be `target`.
    """
    from PIL import Image

    with Image.open(source) as picture:
        dpi, plain = picture.info.get("dpi"), picture.convert("RGB")
    indexed(plain).save(target, format="PNG", **({"dpi": dpi} if dpi else {}))


def indexed(picture: Image) -> Image:
    """Return an RGB picture with a palette of its most frequent colours, or as it is where it is shaded."""
    from PIL import Image

    pixels = np.asarray(picture.convert("RGBA")).view("<u4").ravel()
    # Most pixels are as their left neighbour: counting runs is a tenth of the work.
    starts = np.flatnonzero(np.append(True, pixels[1:] != pixels[:-1]))
    lengths = np.diff(starts, append=pixels.size)
    packed, place = np.unique(pixels[starts], return_inverse=True)
    counts = np.bincount(place, weights=lengths)
    kept = np.argsort(-counts, kind="stable")[:MOST_COLOURS]
    if counts[kept].sum() < LEAST_COVERED * pixels.size:
        return picture
    every = packed.view(np.uint8).reshape(-1, 4)[:, :3]
    indices = np.repeat(_nearest(every, every[kept])[place], lengths)
    small = Image.fromarray(indices.reshape(picture.height, picture.width))
    small.putpalette(every[kept].tobytes())
    return small


def _nearest(colours: npt.NDArray[np.uint8], palette: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return the place in the palette that is nearest to each colour, by squared distance."""
    points = palette.astype(np.float32)  # holds every sum of squares exactly
    distances: npt.NDArray[np.float32] = (points**2).sum(axis=1) - 2 * colours.astype(np.float32) @ points.T
    nearest: npt.NDArray[np.uint8] = distances.argmin(axis=1).astype(np.uint8)
    return nearest
