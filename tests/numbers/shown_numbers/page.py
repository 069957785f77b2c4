"""The rows and sentences of a page, and the numbers in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

NUMBER = re.compile(r"(?<![\w.\-])[-+−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[-+]?\d+)?(?: ?%)?(?![\w]|[-.,]\w)")
"""A number that stands by itself: not week1, P01_baseline, 2.4-fold or a version."""
LEVELS = r"95 %|80 %|FDR 5 %|p < 0\.05|p below 0\.05|\b1 log2 needs|change is 0\.5 log2|\.16 to \.25"
FIXED = re.compile(rf"{LEVELS}|the first 50|30 genes of smallest|doi: ?\S+|sha256 \w+|^\[\w+\] .*")
"""What sentences hold whatever the study: levels, thresholds, references."""
SENTENCES = ("p", "li", "figcaption", "h1", "h2", "h3", "h4", "summary", "dt", "dd")
AFTER_FIGURE = "/figure"


@dataclass
class Block:
    """A row or a sentence: its cells, or its one text, the headings of its columns, and the ids before it."""

    cells: list[str]
    heads: list[str] = field(default_factory=list)
    places: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All of it, with single blanks."""
        return " ".join(" ".join(self.cells).split())


class Page(HTMLParser):
    """Cuts a page into blocks; headings of tables, styles and scripts are none."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.heads: list[str] = []
        self.places: list[str] = []
        self.silent = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if given.get("id"):
            self.places.append(given["id"])
        self.silent += tag in ("style", "script")
        if tag in SENTENCES:
            self.blocks.append(Block([""], [], tuple(self.places)))
        elif tag == "img":
            self.blocks.append(Block([given.get("alt", "")], [], tuple(self.places)))
        elif tag == "tr":
            self.blocks.append(Block([], self.heads, tuple(self.places)))
        elif tag in ("td", "th"):
            self.blocks[-1].cells.append("")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("style", "script")
        if tag == "thead":
            self.heads = [" ".join(cell.split()) for cell in self.blocks.pop().cells]
        elif tag == "table":
            self.heads = []
        elif tag == "figure":
            self.places.append(AFTER_FIGURE)

    def handle_data(self, data: str) -> None:
        if not self.silent and self.blocks and self.blocks[-1].cells:
            self.blocks[-1].cells[-1] += data


def numbers(text: str) -> list[re.Match[str]]:
    """Return the numbers of a text, those of its fixed words left out."""
    fixed = [match.span() for match in FIXED.finditer(text)]
    return [match for match in NUMBER.finditer(text) if not any(start <= match.start() < end for start, end in fixed)]
