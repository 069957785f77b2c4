"""Text broken into lines, or shortened, to the width it has on paper."""

from __future__ import annotations

from dermshift.figures.style import SIZE_TEXT


def wrap(text: str, width: float, size: float, *, weight: str = "normal") -> list[str]:
    """Break `text` into lines no wider than `width` mm; a word that is wider alone is cut."""
    from dermshift.figures.paper import text_width

    def fits(line: str) -> bool:
        return text_width(line, size, weight=weight) <= width

    lines: list[str] = []
    line = ""
    for word in text.split():
        rest = word
        if line and fits(f"{line} {rest}"):
            line = f"{line} {rest}"
            continue
        if line:
            lines.append(line)
        while not fits(rest) and len(rest) > 1:
            cut = next((k for k in range(len(rest) - 1, 1, -1) if fits(rest[:k])), 1)
            lines.append(rest[:cut])
            rest = rest[cut:]
        line = rest
    return [*lines, line] if line else lines


def wrapped(text: str, width: float, size: float = SIZE_TEXT, *, weight: str = "normal") -> str:
    """Return `text` with line breaks, as `wrap` makes them."""
    return "\n".join(wrap(text, width, size, weight=weight))


def shorten(text: str, width: float, size: float) -> str:
    """Return `text`, its middle left out where it is wider than `width` mm."""
    from dermshift.figures.paper import text_width

    if text_width(text, size) <= width:
        return text
    keep = min(len(text) - 1, 100)  # no line of a page holds more
    while keep > 2 and text_width(_middle_out(text, keep), size) > width:
        keep -= 1
    return _middle_out(text, keep)


def _middle_out(text: str, keep: int) -> str:
    return f"{text[: (keep + 1) // 2]}…{text[len(text) - keep // 2 :]}"
