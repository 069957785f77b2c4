from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from dermshift.io.png_files import indexed, write_png


def noisy(n_colours):
    """Return a picture of two areas, with single pixels of many other colours between them."""
    pixels = np.full((800, 800, 4), 255, np.uint8)
    pixels[:, :400, :3] = (213, 94, 0)
    pixels[:, 400:, :3] = (0, 114, 178)
    for place in range(n_colours):
        pixels[place // 100, 10 + place % 100, :3] = (place % 256, 40 + place // 256, 200)
    return pixels


def test_few_colours_stay_as_they_are(tmp_path):
    pixels = noisy(200)
    write_png(pixels, tmp_path / "a.png", 300)
    with Image.open(tmp_path / "a.png") as read:
        assert read.mode == "P"
        assert read.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert (np.asarray(read.convert("RGB")) == pixels[..., :3]).all()


def test_of_many_colours_those_of_areas_stay(tmp_path):
    pixels = noisy(900)
    indices, palette = indexed(pixels)
    before, after = pixels[..., :3].astype(int), palette[indices].astype(int)
    changed = (before != after).any(axis=2)
    assert 0 < changed.sum() <= 900 - 254
    assert not changed[20:].any()
    assert np.abs(before - after).max() < 256


def test_equal_pictures_give_equal_bytes(tmp_path):
    for name in "ab":
        write_png(noisy(900), tmp_path / f"{name}.png", 300)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_shading_stays_as_it_is(tmp_path):
    steps = np.repeat(np.arange(600, dtype=np.uint16)[:, None], 120, axis=1)
    bar = np.stack([steps // 4, steps % 256, steps // 3, np.full_like(steps, 255)], axis=2).astype(np.uint8)
    assert indexed(bar) is None
    write_png(bar, tmp_path / "bar.png", 300)
    with Image.open(tmp_path / "bar.png") as read:
        assert read.mode == "RGB"
        assert (np.asarray(read) == bar[..., :3]).all()
