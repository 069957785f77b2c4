"""Text in parts that the page shows as HTML and methods.md as Markdown."""

from __future__ import annotations

from dataclasses import dataclass

from dermshift.report.grid import Cell, Grid

Block = str | tuple[str, ...] | Grid
"""A paragraph, a list, or a table; backticks enclose names in paragraphs and lists."""


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it."""

    title: str
    blocks: tuple[Block, ...]


def markdown(title: str, sections: list[Section]) -> str:
    """Return the sections below one title as Markdown."""
    parts = [f"# {title}"]
    for section in sections:
        parts += [f"## {section.title}", *map(_block, section.blocks)]
    return "\n\n".join(parts) + "\n"


def _block(block: Block) -> str:
    if isinstance(block, str):
        return block
    if isinstance(block, Grid):
        lines = [block.header, ["---:" if right else "---" for right in block.numeric]]
        lines += [[_cell(cell) for cell in row] for row in block.rows]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return "\n".join(f"- {item}" for item in block)


def _cell(cell: Cell) -> str:
    """Return the text of a cell; a page links to what it leads to, Markdown names it."""
    text = cell.text.replace("|", r"\|")
    return f"{text} (`{cell.link}`)" if cell.link else text
