"""Colours mean one thing each, and are told apart by their lightness where their hue is not seen."""

from __future__ import annotations

from itertools import combinations

from dermshift.palette import HIGHER, LOWER, OTHER_COLOURS, SEX_COLOURS, colours


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_no_colour_means_two_things() -> None:
    shown = [HIGHER, LOWER, *SEX_COLOURS[:2], *OTHER_COLOURS[:5]]
    assert len(set(shown)) == len(shown)
    assert not set(OTHER_COLOURS) & {HIGHER, LOWER}
    assert not set(SEX_COLOURS) & {HIGHER, LOWER}


def test_sexes_differ_in_lightness_and_all_stand_out_from_paper() -> None:
    first, second = sorted(map(luminance, SEX_COLOURS[:2]))
    assert (second + 0.05) / (first + 0.05) > 1.1
    for colour in (HIGHER, LOWER, *SEX_COLOURS[:2], *OTHER_COLOURS[:5]):
        assert 1.05 / (luminance(colour) + 0.05) > 2.0, colour


def test_a_level_keeps_its_colour_by_its_place() -> None:
    places = ["dermis", "epidermis", "sebaceous_gland"]
    assert list(colours(places).values()) == list(OTHER_COLOURS[:3])
    assert all(one != other for one, other in combinations(colours(places).values(), 2))
    assert list(colours(["female", "male"], sexes=True).values()) == list(SEX_COLOURS[:2])
