from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from dermshift.io.png_files import indexed, with_palette


def noisy(n_colours):
    """Return a picture of two areas, with single pixels of many other colours between them."""
    pixels = np.zeros((800, 800, 3), np.uint8)
    pixels[:, :400] = (213, 94, 0)
    pixels[:, 400:] = (0, 114, 178)
    for place in range(n_colours):
        pixels[place // 100, 10 + place % 100] = (place % 256, 40 + place // 256, 200)
    return Image.fromarray(pixels)


def test_few_colours_stay_as_they_are(tmp_path):
    picture = noisy(200)
    picture.convert("RGBA").save(tmp_path / "a.png", dpi=(300, 300))
    with_palette(tmp_path / "a.png", tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as read:
        assert read.mode == "P"
        assert read.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert (np.asarray(read.convert("RGB")) == np.asarray(picture)).all()


def test_of_many_colours_those_of_areas_stay(tmp_path):
    picture = noisy(900)
    before, after = np.asarray(picture).astype(int), np.asarray(indexed(picture).convert("RGB")).astype(int)
    changed = (before != after).any(axis=2)
    assert 0 < changed.sum() <= 900 - 254
    assert not changed[20:].any()
    assert np.abs(before - after).max() < 256


def test_equal_pictures_give_equal_bytes(tmp_path):
    for name in "ab":
        noisy(900).save(tmp_path / f"{name}.png")
        with_palette(tmp_path / f"{name}.png", tmp_path / f"{name}.png")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_shading_stays_as_it_is():
    pixels = np.repeat(np.arange(600, dtype=np.uint16)[:, None], 120, axis=1)
    bar = Image.fromarray(np.stack([pixels // 4, pixels % 256, pixels // 3], axis=2).astype(np.uint8))
    assert indexed(bar) is bar
