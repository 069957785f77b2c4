"""The report of the small study, open in a browser."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

READY = "html[data-ready=yes]"


def wait_until_ready(page: Any) -> None:
    """Wait until the interactive part is drawn and the chosen gene's numbers of every question are read."""
    page.locator(READY).wait_for(state="attached")
    page.locator("#gene-rows tr").first.wait_for()


@pytest.fixture
def explore(visit: Any, small_results: Path) -> Callable[..., Any]:
    """Open the report of the small study and wait for its interactive part."""

    def open_report(**options: Any) -> Any:
        page = visit(small_results / "report.html", **options)
        wait_until_ready(page)
        return page

    return open_report


@pytest.fixture(scope="session")
def tables(small_results: Path) -> dict[str, list[dict[str, str]]]:
    """Rows of every question's table as they stand in the file, in the order of the questions."""
    found = {}
    for card in json.loads((small_results / "designs.json").read_text(encoding="utf-8")):
        with (small_results / "tables" / f"{card['id']}.tsv").open(encoding="utf-8", newline="") as file:
            found[card["id"]] = list(csv.DictReader(file, delimiter="\t"))
    return found


@pytest.fixture(scope="session")
def titles(small_results: Path) -> dict[str, str]:
    """Title of every question, by id."""
    return {card["id"]: card["title"] for card in json.loads((small_results / "designs.json").read_text())}
