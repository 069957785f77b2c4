"""Things that show themselves in a notebook: as HTML there, as text in a terminal; every text is escaped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from markupsafe import escape

if TYPE_CHECKING:
    import pandas as pd

    from dermshift.report.grid import Cell, Grid
    from dermshift.report.pictures import Picture


NONE = "This study has no such figure."


class Shown(Protocol):
    """Whatever Jupyter shows as HTML."""

    def _repr_html_(self) -> str: ...


@dataclass(frozen=True, repr=False)
class Table:
    """A table as the report shows it; `frame` has the same texts for further work.

    Parameters
    ----------
    caption
        A sentence above the table, "" for none.
    """

    grid: Grid
    caption: str = ""

    @property
    def frame(self) -> pd.DataFrame:
        """The texts of the table; for numbers at full precision read `Results.tables`."""
        import pandas as pd

        return pd.DataFrame([[cell.text for cell in row] for row in self.grid.rows], columns=list(self.grid.header))

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in self.grid.header)
        rows = "".join(f"<tr>{self._row(row)}</tr>" for row in self.grid.rows)
        caption = f'<caption style="text-align:left">{escape(self.caption)}</caption>' if self.caption else ""
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"

    def _row(self, row: tuple[Cell, ...]) -> str:
        sides = ("right" if right else "left" for right in self.grid.numeric)
        return "".join(
            f'<td style="text-align:{side}">{escape(cell.text)}</td>' for cell, side in zip(row, sides, strict=True)
        )

    def __repr__(self) -> str:
        return self.frame.to_string(index=False)


@dataclass(frozen=True, repr=False)
class Lines:
    """Sentences, one below the other."""

    lines: tuple[str, ...]

    def _repr_html_(self) -> str:
        items = "".join(f'<li style="white-space:pre-wrap">{escape(line)}</li>' for line in self.lines)
        return f"<ul>{items}</ul>"

    def __repr__(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True, repr=False)
class Pictures:
    """Figures, each with what it shows and what it does not show."""

    pictures: tuple[Picture, ...]

    def _repr_html_(self) -> str:
        return "".join(map(_figure, self.pictures)) or f"<p>{NONE}</p>"

    def __repr__(self) -> str:
        return "\n".join(f"{picture.id}: {picture.claim['shows']}" for picture in self.pictures) or NONE


def _figure(picture: Picture) -> str:
    claim = picture.claim
    image = f'<img src="{picture.uri}" alt="{escape(picture.alt)}" style="max-width:100%">'
    said = f"<strong>{escape(claim['question'])}</strong> {escape(claim['shows'])} {escape(claim['n'])}."
    unsaid = f"<em>Does not show:</em> {escape(claim['does_not_show'])} {escape(claim['caution'])}"
    return f"<figure>{image}<figcaption>{said} {unsaid}</figcaption></figure>"
