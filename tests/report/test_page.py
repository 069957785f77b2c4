from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from dermshift.report.assets import plotly, source
from dermshift.report.methods import methods
from dermshift.report.packed import unpack
from dermshift.report.page import page
from dermshift.report.words import FORBIDDEN

RUNS = (None, "module", "text/javascript")
"""Types of a script element that a browser runs; others hold data."""


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[str | None, str]] = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append((dict(attrs).get("type"), ""))

    def handle_data(self, data):
        if self.seen and self.seen[-1][0] == "script" and self.scripts:
            kind, text = self.scripts[-1]
            self.scripts[-1] = (kind, text + data)

    def handle_endtag(self, tag):
        if tag == "script":
            self.seen.append(("/script", {}))


def parsed(html: str) -> Tags:
    parser = Tags()
    parser.feed(html)
    return parser


def shown(facts) -> str:
    """Return the page without its scripts and data."""
    return page(facts).split("<script", 1)[0]


def policy(found: Tags) -> str:
    return next(a["content"] for _, a in found.seen if a.get("http-equiv") == "Content-Security-Policy")


def table_after(html: str, identifier: str) -> list[list[str]]:
    """Return the texts of the first table after an id."""
    table = re.search(r"<table.*?</table>", html.split(f'id="{identifier}"')[1], re.DOTALL).group()
    rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
    cells = [re.findall(r"<t[dh].*?</t[dh]>", row, re.DOTALL) for row in rows]
    return [[" ".join(re.sub(r"<[^>]*>", "", cell).split()) for cell in row] for row in cells]


def test_the_page_fetches_nothing(make_facts):
    found = parsed(page(make_facts()))
    names = {name for name, _ in found.seen}
    assert not names & {"link", "iframe", "object", "embed", "base"}
    addresses = [value for _, attributes in found.seen for key, value in attributes.items() if key in {"src", "href"}]
    assert addresses
    assert all(value.startswith(("data:", "#")) for value in addresses)
    assert "default-src 'none'" in policy(found)
    assert "http" not in policy(found)
    assert "eval" not in policy(found)


def test_the_page_runs_its_own_scripts_and_no_other(make_facts):
    found = parsed(page(make_facts()))
    running = [text for kind, text in found.scripts if kind in RUNS]
    allowed = re.search(r"script-src ([^;]*)", policy(found)).group(1).split()
    assert len(running) == 2
    assert {source(text) for text in running} < set(allowed)
    assert set(allowed) == {source(text) for text in (*running, plotly())}
    assert "unsafe" not in re.search(r"script-src ([^;]*)", policy(found)).group(1)


def test_names_from_files_are_escaped(make_facts):
    html = page(make_facts('</script><script>alert("x")</script>" onload="y'))
    found = parsed(html)
    assert len(found.scripts) == len(parsed(page(make_facts())).scripts)
    assert "&lt;script&gt;" in html
    assert not any(key.startswith("on") for _, attributes in found.seen for key in attributes)
    data = json.loads(next(text for kind, text in found.scripts if kind == "application/json"))
    symbols = unpack(data["packs"][data["genes"]["gene_symbol"]]).decode().split("\n")
    assert symbols[0] == '</script><script>alert("x")</script>" onload="y'


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_the_text_claims_no_more_than_a_change(make_facts, pattern):
    text = shown(make_facts()) + methods(make_facts())
    assert not re.search(pattern, text, re.IGNORECASE)


def test_the_word_rule_catches_a_wrong_sentence():
    assert any(re.search(pattern, "changes caused by the drug", re.IGNORECASE) for pattern in FORBIDDEN)
    assert any(re.search(pattern, "an effect of treatment", re.IGNORECASE) for pattern in FORBIDDEN)


def test_synthetic_data_are_called_so_at_the_top_and_real_data_are_not(make_facts):
    head = page(make_facts()).split("<main>")[0]
    assert "Synthetic data" in head
    assert "Synthetic" not in shown(make_facts(synthetic=False))
    assert methods(make_facts()).startswith("# Methods\n\n## Study\n\nSynthetic data. ")
    assert "Synthetic" not in methods(make_facts(synthetic=False))


def test_the_summary_counts_the_table(make_facts):
    rows = table_after(shown(make_facts()), "answers")
    assert rows == [
        ["question", "patients", "genes tested", "higher at week1", "lower at week1"],
        ["all patients", "4", "3", "1", "1"],
        [
            "male minus female difference",
            "4 (2 male, 2 female)",
            "3",
            "0 more positive in male",
            "0 more positive in female",
        ],
    ]
    assert "Genes at FDR 5 %" in shown(make_facts())


def test_few_patients_and_differences_bring_their_cautions(make_facts):
    html = shown(make_facts())
    assert "passes in one list only" in html
    assert "fewer than 6 patients" in html


def test_no_folder_of_the_machine_is_named(make_facts):
    html = shown(make_facts())
    assert "/srv/someone" not in html
    assert "counts.tsv" in html


def test_methods_name_engine_versions_designs_and_who_was_left_out(make_facts):
    text = methods(make_facts())
    assert text.count("Engine `deseq2` (pydeseq2 0.5.4)") == 1
    assert "left out: P9 (P9_a): no partner" in text
    assert "| question | patients | libraries | coefficients | residual df | estimated as | stratum |" in text
    assert "| all patients (`response`) | 4 | 8 | 2 | 3 | +1 week1 | within patients |" in text
    assert "Declared before the run: apoptosis" in text


def test_declared_sets_show_what_each_method_says(make_facts):
    html = shown(make_facts())
    header, first, second = table_after(html, "sets")
    found = dict(zip(header, first, strict=True))
    assert found["set"] == "APOPTOSIS ALL"
    assert (found["p, fry"], found["FDR, fry"], found["floor"]) == ("0.005", "0.01", "0.016")
    assert found["verdict"] == "moves, and more than other genes"
    assert second[0] == "male minus female difference"
    assert (
        "all patients: APOPTOSIS ALL: moves, and more than other genes. The smallest p of the flips is 0.016." in html
    )


@pytest.mark.parametrize(
    ("method", "verdict"), [("camera", "moves"), ("fry", "not shown"), ("prerank", "moves, and more than other genes")]
)
def test_fry_decides_and_camera_adds(make_facts, method, verdict):
    facts = make_facts()
    name = "response"
    rows = facts.sets[name]
    rows = rows.assign(fdr=rows["fdr"].mask(rows["method"] == method, 0.2))
    found = table_after(shown(replace(facts, sets=facts.sets | {name: rows})), "sets")
    assert found[1][-1] == verdict


def test_a_declared_set_without_a_test_says_so(make_facts):
    facts = make_facts()
    untested = {name: sets.assign(p_value=float("nan"), fdr=float("nan")) for name, sets in facts.sets.items()}
    assert table_after(shown(replace(facts, sets=untested)), "sets")[1][-1] == "not tested"


def test_a_study_where_nothing_passes_still_has_a_report(make_facts):
    facts = make_facts()
    nothing = {name: table.assign(fdr=1.0, p_value=0.9) for name, table in facts.tables.items()}
    html = shown(
        replace(facts, tables=nothing, sets={name: sets.head(0) for name, sets in facts.sets.items()}, pictures=())
    )
    assert ["all patients", "4", "3", "0", "0"] in table_after(html, "answers")
    assert "Declared gene sets" not in html
