"""Genes and patients with names that are code: they stay text in the page, in its plots and in what it hands out."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import numpy as np
import pytest
from openpyxl import load_workbook

from dermshift.cli.report import facts
from dermshift.report.page import page as report_page

# The font of the figures lacks nothing here, yet dollar signs and tags are text to it.
pytestmark = pytest.mark.slow
NAMES = (
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    '"><img src=x onerror=alert(1)>',
    "</script><b>x",
    "&lt;i&gt;",
)
PATIENTS = ("<b>P1</b>", "=P(2)", '"><img src=x onerror=alert(2)>', "P4&amp;", "P5", "P6")


def write_rows(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t", lineterminator="\n").writerows(rows)


def write_study(folder):
    rng = np.random.default_rng(4)
    patients = [f"P{number}" for number in range(len(PATIENTS))]
    samples = [(f"S{place}_{time}", patient, time, "female" if place % 2 else "male")
               for place, patient in enumerate(patients) for time in ("before", "after")]  # fmt: skip
    rows = [["gene", *(name for name, *_ in samples)]]
    for place, name in enumerate((*NAMES, *(f"GENE{number}" for number in range(60)))):
        level = 200 * rng.lognormal(0, 0.2, len(samples)) * np.tile([1.0, 3.0 if place < 8 else 1.0], len(PATIENTS))
        rows.append([name, *map(str, rng.poisson(level))])
    write_rows(folder / "counts.tsv", rows)
    write_rows(folder / "samples.tsv", [("sample", "patient", "timepoint", "sex"), *samples])
    columns = {name: name for name in ("patient", "timepoint", "sex")}
    study = {"name": "hostile", "matrix": "counts.tsv", "samples": "samples.tsv", "columns": columns, "scale": "counts",
             "timepoints": {"before": "before", "after": "after"}}  # fmt: skip
    config = {"study": study, "questions": ["response"], "genes": {"role": NAMES[0], "other": NAMES[2]},
              "evidence": {"top": 2}, "annotation": {"genes": "", "sex_genes": "", "regimens": ""}}  # fmt: skip
    (folder / "config.yaml").write_text(json.dumps(config))


@pytest.fixture(scope="module")
def hostile_results(once, whole_run, quick_pictures):
    def fill(folder):
        write_study(folder)
        with pytest.MonkeyPatch.context() as context:
            quick_pictures(context)
            whole_run(folder)

    return once("hostile_page", fill) / "results" / "hostile"


def test_names_stay_text_in_the_page_and_its_downloads(visit, hostile_results):
    page = visit(hostile_results / "report.html")
    page.locator("html[data-ready=yes]").wait_for(state="attached")
    for name in NAMES:
        page.locator("#find").fill(name)
        page.keyboard.press("Enter")
        page.wait_for_function("name => document.getElementById('gene-name').textContent.startsWith(name)", arg=name)
        assert page.locator("#slopes-said").inner_text().startswith(name)
    page.locator(".dt-search input").first.fill("script")
    page.wait_for_timeout(100)
    assert NAMES[0] in page.locator("#genes tbody").inner_text()
    with page.expect_download() as started:
        page.locator("#download-tsv").click()
    found = started.value.path().read_text(encoding="utf-8").splitlines()
    assert set(NAMES) <= {line.split("\t")[0] for line in found}
    shown = page.evaluate("() => document.getElementById('volcano').data.at(-1).text.join()")
    assert "<img" not in shown
    assert page.evaluate("() => document.querySelectorAll('img[src=x], b:not(:empty) > x').length") == 0
    assert page.evaluate("() => [...document.images].every(({src}) => !src || /^(data|blob):/.test(src))")


def test_patients_stay_text_where_the_mouse_rests(visit, hostile_results, tmp_path):
    # Sheets with such patients are refused; the page is safe without that.
    known = facts(hostile_results, 0.05)
    names = {f"P{number}": name for number, name in enumerate(PATIENTS)}
    known = replace(known, sheet=known.sheet.assign(patient=known.sheet["patient"].astype(str).map(names)))
    (tmp_path / "report.html").write_text(report_page(known), encoding="utf-8")
    page = visit(tmp_path / "report.html")
    page.locator("html[data-ready=yes]").wait_for(state="attached")
    place = page.evaluate("""() => {
        const plot = document.getElementById("slopes"), {xaxis, yaxis} = plot._fullLayout;
        plot.scrollIntoView({block: "center"});
        const line = plot.data.find(({hovertemplate}) => hovertemplate.includes("onerror"));
        const box = plot.getBoundingClientRect();
        return [box.x + xaxis._offset + xaxis.d2p(line.x[1]), box.y + yaxis._offset + yaxis.l2p(line.y[1])];
    }""")
    page.mouse.move(*place)
    page.locator("#slopes .hoverlayer", has_text="onerror=alert(2)").wait_for(state="attached")
    for part in ("summary", "design", "quality"):
        assert page.locator(f"#{part} img[src=x]").count() == 0
    assert NAMES[0] in page.locator("main").inner_text()


def test_dossiers_of_hostile_names_open(visit, hostile_results):
    found = sorted(hostile_results.glob("dossier/*.html"))
    assert len(found) == 2
    titles = [visit(path).title() for path in found]
    assert sorted(title.split(": after")[0] for title in titles) == sorted((NAMES[0], NAMES[2]))


def test_the_workbook_holds_text_and_no_formula(hostile_results):
    book = load_workbook(hostile_results / "tables.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert set(NAMES) <= {cell.value for cell in cells}
