"""The notebooks: nothing in them but words and calls, and what they show is what the report shows."""

from __future__ import annotations

import ast
import json
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from dermshift.notebook import Lines, Pictures, Table, open_study

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("01_look", "02_result", "03_lcn2", "04_own_study")
OF_A_RUN = NAMES[:3]
NOT_IN_THE_REPORT = {"who"}
DRAWN_ANEW = ("volcano_", "ma_")
"""What the report draws from the tables, to be looked into, where a notebook shows the figure."""
DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def cells(root: Path, name: str) -> list[dict[str, Any]]:
    return json.loads((root / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]


def sources(root: Path, name: str) -> list[str]:
    return ["".join(cell["source"]) for cell in cells(root, name) if cell["cell_type"] == "code"]


def shown(code: list[str]) -> list[tuple[str, Any]]:
    """Run cells as Jupyter does; return each cell that ends in an expression with its value."""
    names: dict[str, Any] = {}
    results = []
    for source in code:
        tree = ast.parse(source)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "<cell>", "exec"), names)
        if last is not None:
            results.append((source, eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)))
    return results


class Page(HTMLParser):
    """The rows of all tables of a page as tuples of texts, without the marks beside them, and its whole text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: set[tuple[str, ...]] = set()
        self.texts: list[str] = []
        self._row: list[str] | None = None
        self._mark = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._mark = ("class", "tag") in attrs
        if tag == "tr":
            self._row = []
        elif tag in ("td", "th") and self._row is not None:
            self._row.append("")

    def handle_endtag(self, tag: str) -> None:
        self._mark = False
        if tag == "tr" and self._row is not None:
            self.rows.add(tuple(" ".join(cell.split()) for cell in self._row))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self._row and not self._mark:
            self._row[-1] += data

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())


@pytest.fixture(scope="module")
def page(small_results: Path) -> Page:
    return Page((small_results / "report.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_imports_the_package_only_and_defines_nothing(root, name):
    for source in sources(root, name):
        for node in ast.walk(ast.parse(source)):
            assert not isinstance(node, DEFINES), source
            if isinstance(node, ast.Import):
                assert all(alias.name.split(".")[0] == "dermshift" for alias in node.names), source
            if isinstance(node, ast.ImportFrom):
                assert (node.module or "").split(".")[0] == "dermshift", source


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_kept_without_outputs(root, name):
    code = [cell for cell in cells(root, name) if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


def test_every_notebook_is_tested(root):
    assert sorted(path.stem for path in (root / "notebooks").glob("*.ipynb")) == sorted(NAMES)


@pytest.mark.parametrize("name", OF_A_RUN)
def test_a_notebook_shows_what_the_report_shows(root, monkeypatch, small_results, page, name):
    monkeypatch.setenv("DERMSHIFT_RESULTS", str(small_results))
    values = shown(sources(root, name))
    assert len(values) > 4
    for source, value in values:
        if isinstance(value, Table) and not any(f".{word}()" in source for word in NOT_IN_THE_REPORT):
            rows = {tuple(" ".join(text.split()) for text in row) for row in value.frame.itertuples(index=False)}
            assert rows, source
            assert sorted(rows - page.rows) == [], source
        if isinstance(value, Lines):
            assert [line for line in value.lines if " ".join(line.replace("`", "").split()) not in page.text] == []
        if isinstance(value, Pictures):
            assert value.pictures or "sampling" in source
            still = [one for one in value.pictures if not one.id.startswith(DRAWN_ANEW)]
            assert [one.id for one in still if " ".join(one.claim["shows"].split()) not in page.text] == []


def test_a_number_that_is_not_the_reports_is_noticed(page, small_results):
    first = open_study(small_results).answers().frame.iloc[0].tolist()
    assert tuple(first) in page.rows
    assert (*first[:-1], f"{first[-1]}1") not in page.rows


def test_the_notebook_for_an_own_study_runs_and_shows_a_refusal(root, monkeypatch):
    monkeypatch.chdir(root / "notebooks")
    columns, good, refused, fewer = (value for _, value in shown(sources(root, NAMES[3])))
    assert columns.frame["column"].tolist()[:3] == ["sample", "patient", "timepoint"]
    assert good.problems == ()
    assert {problem.where for problem in refused.problems} >= {"columns: sex (data/example/samples.tsv)"}
    assert "do: " in refused._repr_html_()
    assert len(fewer.frame) == 7
