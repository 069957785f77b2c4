"""Every number of the pages, of the claim cards and of the dossiers stands in the tables.

Pages are cut into rows and sentences. A number may come only from records about the question and the gene or set that
the row or sentence names; in a row, only from the columns its heading stands for.
"""

from __future__ import annotations

import json
import re

import pytest
from shown_numbers import Block, Page, Scopes, Tables
from shown_numbers.page import numbers
from shown_numbers.scope import altered

pytestmark = pytest.mark.slow
TEXTS = ("question", "shows", "does_not_show", "n", "caution", "alt")


@pytest.fixture(scope="module")
def scopes(small_results):
    return Scopes(Tables(small_results))


@pytest.fixture(scope="module")
def pages(small_results):
    """Blocks of the report and of each dossier, by what the page is about."""
    found = {path.stem: path for path in (small_results / "dossier").glob("*.html")}
    found[""] = small_results / "report.html"
    return {name: Page(path.read_text(encoding="utf-8")).blocks for name, path in found.items()}


def test_every_number_of_the_report_and_the_dossiers_stands_in_the_tables(pages, scopes):
    assert set(pages) == {"", "LCN2"}
    assert sum(len(numbers(block.text)) for block in pages[""]) > 3000
    assert sum(len(numbers(block.text)) for block in pages["LCN2"]) > 300
    assert [lost for about, page in pages.items() for block in page for lost in scopes.missing(block, about)] == []


def test_every_number_of_the_claim_cards_stands_in_the_tables(small_results, scopes):
    figures = json.loads((small_results / "figures" / "index.json").read_text())
    assert len(figures) > 30
    lost = []
    for figure in figures:
        card = json.loads((small_results / "figures" / f"{figure}.json").read_text())
        for text in (card[key] for key in TEXTS if key in card):
            lost += scopes.missing(Block([text], places=(f"figure-{figure}",)))
    assert lost == []


def test_the_dossier_repeats_the_tables(small_results):
    tables = Tables(small_results)
    known = {value for one in tables.rows for values in one.numbers.values() for value in values}
    dossier = json.loads((small_results / "dossier" / "LCN2.json").read_text())
    found = [
        value
        for question in dossier["questions"]
        for entry in (*question["p_values"], *question["leave_one_out"], *question["power"], *question["adjusted"])
        for value in entry.values()
        if isinstance(value, float)
    ]
    assert len(found) > 200
    assert [value for value in found if value not in known] == []


@pytest.mark.parametrize(
    ("around", "wrong"),
    [
        (r"LCN2 \(mediator\), all patients: ([\d.]+) log2 higher", "1.57"),
        (r"all patients: .*?95 % CI ([\d.]+) to", "0.15"),
        (r"all patients: .*? p = ([\d.]+),", "0.0123"),
        (r"^all patients 7 (\d+) \d+ \d+$", "327"),
        (r"^all patients 7 \d+ (\d+) \d+$", "9"),
        (r"^all patients LCN2 \(mediator\) .* (\d+) 7 [\d.]+$", "13"),
        (r"^1 [A-Z]\w+ ENSG\d+ (-?[\d.]+) ", "0.11"),
        (r"all patients: weights ([\d.]+) ", "0.37"),
        (r"all patients: (\d+) of \d+ genes at FDR", "77"),
        (r"^all patients: (\d+) higher at", "31"),
        (r"adjusting multiplies the variance by ([\d.]+)", "3.9"),
    ],
)
def test_a_page_with_one_wrong_number_is_caught(pages, scopes, around, wrong):
    block, found = next((block, found) for block in pages[""] if (found := re.search(around, block.text)))
    right = next(place for place, cell in enumerate(block.cells) if re.search(rf"(?<!\d){found[1]}(?!\d)", cell))
    cells = [re.sub(rf"(?<!\d){re.escape(found[1])}(?!\d)", wrong, cell, count=1) for cell in block.cells[right:]]
    twin = Block([*block.cells[:right], cells[0], *block.cells[right + 1 :]], block.heads, block.places)
    assert scopes.missing(block) == []
    assert [wrong in lost.split(" in: ")[0] for lost in scopes.missing(twin)] == [True]


def test_most_numbers_that_are_off_by_one_in_the_last_digit_are_caught(pages, scopes):
    rows = [block for block in pages[""] if block.heads]
    told = [block for block in pages[""] if not block.heads]
    for blocks, least in ((rows, 0.8), (told, 0.4)):
        every = sum(len(scopes.missing(block, change=lambda _: "never")) for block in blocks)
        caught = sum(len(scopes.missing(block, change=altered)) for block in blocks)
        assert caught > least * every
