"""Figures and page of a board that is hard to draw: long labels, gaps, other platforms, names that look like code."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from dermshift.figures import BOARD_FAMILIES, BoardInputs, Figure
from dermshift.figures.press import PRESS
from dermshift.figures.style import SIZE_NOTE, paper
from dermshift.replication import board
from dermshift.report.board import BoardFacts, board_page

from .conftest import GENES, SETS, SHARED

if TYPE_CHECKING:
    from matplotlib.text import Text

    from dermshift.replication import Board

HOSTILE = "<img src=x onerror=alert(1)> $x$"


@pytest.fixture(scope="module")
def hard(make, three) -> Board:
    """Six studies: an array, a gene that is missing, and labels as long as the table allows."""
    rows = [(f"{gene}_at", gene) for gene in GENES if gene != "BAX"]
    more = [
        make("a label of forty characters, no more of it"[:40], "replication", 5, SHARED, 11),
        make("array", "replication", 6, SHARED, 12, scale="log2", rows=rows),
        make(HOSTILE, "replication", 7, SHARED | {"CRABP2": 4.0}, 13),
    ]
    return board([*three, *more], SETS)


@pytest.fixture(scope="module")
def drawn(hard: Board) -> dict[str, Figure]:
    inputs = BoardInputs(hard.tables, hard.facts, hard.pairs)
    return {figure.id: figure for family in BOARD_FAMILIES for figure in family.draw(inputs)}


def printed(figure: Figure) -> list[Text]:
    found = [*figure.figure.texts, *(text for key in figure.figure.legends for text in key.get_texts())]
    for axes in figure.figure.axes:
        found += axes.texts
        if axes.axison:
            found += [axes._left_title, axes.xaxis.label, axes.yaxis.label]
            for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
                ticks = axis.get_major_ticks()
                found += [tick.label1 for tick in ticks if min(limits) <= tick.get_loc() <= max(limits)]
    return [text for text in found if text.get_visible() and text.get_text().strip() and text.get_rotation() % 90 == 0]


def test_no_two_texts_overlap_and_none_leaves_the_page(drawn: dict[str, Figure]) -> None:
    assert set(drawn) == {"forest_genes_response", "forest_sets_response", "agreement_response"}
    for figure in drawn.values():
        with paper():
            figure.figure.draw(PRESS)
        width, height = figure.figure.bbox.size
        texts = printed(figure)
        boxes = [text.get_window_extent().padded(-0.72) for text in texts]
        for place, (text, box) in enumerate(zip(texts, boxes, strict=True)):
            inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height
            assert inside, f"{figure.id}: {text.get_text()!r} leaves the page"
            for other, second in zip(texts[place + 1 :], boxes[place + 1 :], strict=True):
                assert not box.overlaps(second), f"{figure.id}: {text.get_text()!r} and {other.get_text()!r}"
        assert min(text.get_fontsize() for text in texts) >= SIZE_NOTE


def test_discovery_stands_first_and_the_summary_last(drawn: dict[str, Figure]) -> None:
    frame = drawn["forest_genes_response"].frame
    for _, block in frame.groupby("item", sort=False):
        roles = list(block["role"])
        assert roles[0] == "discovery"
        assert "discovery" not in roles[1:]
        assert roles[-1] == "pooled"
    lcn2 = frame[(frame["item"] == "LCN2") & (frame["role"] == "pooled")]
    assert lcn2["study"].item() == "pooled, 4 studies", "the array is not among them"
    assert np.isfinite(lcn2["pi_lower"].item())


def test_a_long_label_keeps_its_role(drawn: dict[str, Figure]) -> None:
    ticks = [text.get_text() for text in drawn["forest_genes_response"].figure.axes[0].get_yticklabels()]
    assert sum(text.endswith("(replication)") for text in ticks) == 15


def test_what_is_drawn_is_what_the_table_says(hard: Board, drawn: dict[str, Figure]) -> None:
    figure = drawn["forest_genes_response"]
    lines = [line for axes in figure.figure.axes for line in axes.lines]
    points = {round(float(line.get_xdata()[0]), 9) for line in lines if line.get_marker() in ("o", "s", "D")}
    wanted = figure.frame.dropna(subset=["ci_lower"])["estimate"].round(9)
    assert set(wanted) <= points
    scatter = drawn["agreement_response"].frame
    assert scatter.groupby("replication").ngroups == 5
    assert not scatter["y"].isna().any()


def test_two_draws_give_the_same_bytes(hard: Board, drawn: dict[str, Figure]) -> None:
    again = next(iter(BOARD_FAMILIES[0].draw(BoardInputs(hard.tables, hard.facts, hard.pairs))))
    buffers = [io.BytesIO(), io.BytesIO()]
    for figure, buffer in zip((drawn[again.id], again), buffers, strict=True):
        figure.figure.savefig(buffer, format="svg", metadata={"Date": None})
    assert buffers[0].getvalue() == buffers[1].getvalue()


def test_many_items_take_several_pages(hard: Board) -> None:
    def doubled(table: pd.DataFrame, column: str) -> pd.DataFrame:
        copies = [table.assign(**{column: [f"{name}_{copy}" for name in table[column]]}) for copy in range(6)]
        return pd.concat(copies, ignore_index=True)

    columns = {"genes": "gene_symbol", "verdicts": "item", "meta": "item"}
    tables = hard.tables | {name: doubled(hard.tables[name], column) for name, column in columns.items()}
    names = [figure.id for figure in BOARD_FAMILIES[0].draw(BoardInputs(tables, hard.facts, hard.pairs))]
    genes = [name for name in names if name.startswith("forest_genes")]
    assert genes == [f"forest_genes_response{number}" for number in ("", "_2", "_3")]


def test_the_page_escapes_every_name_and_says_what_cannot_be_said(hard: Board) -> None:
    page = board_page(BoardFacts(hard.tables, hard.facts, ()))
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
    assert "Arrays compress large changes" in page
    assert "not measured: BAX in array. That is not &#39;unchanged&#39;." in page
    assert not re.search(r"\bnan\b|\bNaN\b|<NA>", page)


def test_a_board_without_a_discovery_still_has_a_page(three) -> None:
    alone = board(three[1:], SETS)
    page = board_page(BoardFacts(alone.tables, alone.facts, ()))
    assert "No study is marked as discovery" in page
    inputs = BoardInputs(alone.tables, alone.facts, alone.pairs)
    figures = [figure for family in BOARD_FAMILIES for figure in family.draw(inputs)]
    assert [figure.id for figure in figures] == ["forest_genes_response", "forest_sets_response"]
    assert replace(figures[0]).frame["role"].iloc[0] == "replication"
