"""Names from users end as text: nothing runs, nothing is altered, nothing lands elsewhere."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
import zipfile
from html.parser import HTMLParser

import pandas as pd
import pytest

from dermshift import io
from dermshift.names import DE_COLUMNS, SET_COLUMNS
from dermshift.report.assets import app, tables

# The font lacks a few signs; a browser has them.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:Glyph .* missing from font.*:UserWarning")]
SAFE_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
NEVER = ("iframe", "object", "embed", "base", "link", "meta-refresh")
DATA = ("text/plain", "application/json")
"""Types of a script element that no browser runs."""


class Page(HTMLParser):
    """What a browser would make of a page: tags with their attributes, and text."""

    def __init__(self, content: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.scripts: list[str] = []
        self._inside = ""
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag == "script":
            self._inside = "data" if dict(attrs).get("type") in DATA else "script"
            self.scripts += [""] if self._inside == "script" else []
        self.text += "".join(f" {value} " for name, value in attrs if name in ("alt", "title"))

    def handle_endtag(self, tag: str) -> None:
        self._inside = "" if tag == "script" else self._inside

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts[-1] += data
        elif not self._inside:
            self.text += data


def test_nothing_lands_elsewhere_and_every_name_is_safe(hostile_run):
    assert [path.name for path in hostile_run.folder.parent.iterdir()] == ["inner"]
    assert not list(hostile_run.folder.parent.rglob("pwned"))
    names = [path.name for path in hostile_run.out.rglob("*")]
    assert len(names) > 50
    assert [name for name in names if not SAFE_FILE.fullmatch(name) or len(name) > 200] == []


def test_pages_hold_no_code_of_a_name(hostile_run):
    pages = [*hostile_run.out.glob("*.html"), *hostile_run.out.glob("dossier/*.html")]
    assert len(pages) == 6
    for path in pages:
        page = Page(path.read_text("utf-8"))
        for tag, attributes in page.tags:
            assert tag not in NEVER, path
            assert not [name for name in attributes if name.startswith("on")], path
            assert not attributes.get("href", "").lower().startswith("javascript:"), path
            assert tag != "img" or attributes.get("src", "data:image/").startswith("data:image/"), path
            assert tag != "form" or attributes["id"] == "find-form", path
        assert page.scripts == ([tables(), app()] if path.name == "report.html" else []), path


def test_the_report_shows_every_name_as_it_is(hostile_run, hostile_configured):
    text = Page((hostile_run.out / "report.html").read_text("utf-8")).text
    assert [name for name in hostile_configured if name not in text] == []


def test_pictures_are_sound_and_hold_no_code(hostile_run):
    pictures = list(hostile_run.out.glob("figures/*.svg"))
    assert pictures
    for path in pictures:
        for element in ET.parse(path).iter():
            tag = element.tag.rsplit("}", 1)[-1]
            assert tag not in ("script", "foreignObject", "image") or element.get(
                "{http://www.w3.org/1999/xlink}href", "data:image/"
            ).startswith("data:image/"), path
            assert tag != "script", path
            assert not [name for name in element.attrib if name.lower().startswith("on")], path


def test_a_dollar_sign_stays_a_dollar_sign(hostile_run):
    drawn = [path for path in hostile_run.out.glob("figures/*.svg") if "$x^2$" in path.read_text("utf-8")]
    assert drawn


def test_tables_hold_exactly_the_names(hostile_run, hostile_names):
    study = io.read_study(hostile_run.out / "study.h5ad")
    assert list(study.genes["gene_symbol"])[: len(hostile_names)] == list(hostile_names)
    table = io.read_table(hostile_run.out / "tables" / "response.tsv", DE_COLUMNS)
    assert set(hostile_names) <= set(table["gene_symbol"].dropna())
    assert set(table["gene_id"]) == set(study.genes.index)
    sets = io.read_table(hostile_run.out / "tables" / "response.sets.tsv", SET_COLUMNS)
    assert set(sets["set_name"]) == {" ".join(name.split()) for name in hostile_names}


def test_figure_tables_hold_exactly_the_names(hostile_run, hostile_configured):
    frames = [
        pd.read_csv(path, dtype=str, keep_default_na=False) for path in hostile_run.out.glob("figures/volcano*.csv")
    ]
    assert frames
    cells = {cell for frame in frames for column in frame for cell in frame[column]}
    assert {name for name in hostile_configured if name not in cells} == set()


def test_the_sheet_keeps_its_own_columns_as_text(hostile_run, hostile_column):
    column, cell = hostile_column
    assert set(io.read_study(hostile_run.out / "study.h5ad").sheet[column.replace("/", "_")]) == {cell}


def test_the_bundle_holds_relative_safe_names(hostile_run):
    with zipfile.ZipFile(hostile_run.out / "bundle.zip") as archive:
        for entry in archive.infolist():
            parts = entry.filename.split("/")
            assert all(SAFE_FILE.fullmatch(part) for part in parts), entry.filename
            assert entry.external_attr >> 16 & 0o170000 in (0, 0o100000)  # no link


def test_records_are_json_with_the_names_in_them(hostile_run, hostile_names):
    for path in hostile_run.out.rglob("*.json"):
        io.read_json(path)
    text = (hostile_run.out / "manifest.json").read_text("utf-8")
    assert "$(touch pwned)" in text
