from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from dermshift.report.dossier import dossier_page
from dermshift.report.evidence import badges, trust
from dermshift.report.manifest import evidence_files, output_files
from dermshift.report.page import page
from dermshift.report.sentences import identity_sentences
from dermshift.report.words import FORBIDDEN


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html.split("<main>")[1].split("<script", 1)[0]).split())


def test_without_evidence_there_is_no_section(make_facts):
    assert trust(make_facts()) is None
    assert "How far can these patients" not in page(make_facts())
    assert "without each patient" not in page(make_facts())


def test_the_section_states_the_numbers_of_the_tables(make_judged):
    said = words(page(make_judged()))
    for part in (
        "1.41 0.31 to 2.52 0.012 0.12 0.12 0.0004 driven by P03 holds in 4 of 4",
        "all patients: 27 of 1,855 genes at FDR 5 %, exact p 0.12 over 8 patterns; 2 of 4 declared sets, exact p 0.25.",
        "The smallest p these patients can give is 0.12.",
        "LCN2: 4 patients find a change of 2.17 log2 with 80 % power (seen: 1.41), genome-wide 6.66;",
        "1 log2 needs 12 patients; if the change is 0.5 log2, estimates with p &lt; 0.05 are 3.21 times as large.",
        "LCN2, male minus female: +1.21 log2, 95 % CI -0.41 to 2.83, 4 and 3 patients: these data cannot tell.",
        "0 of 1 samples are closest to their own partner; verdicts: 0 ok, 0 unclear, 1 warning.",
        "P1_a: warning: closest to P2_b.",
        "17.31 not separable; tracks the gland score",
        "weights 0.23 (P3.week1) to 0.23; LCN2 1.37 log2 (95 % CI 0.00 to 0.00, p = 0.07)",
    ):
        assert part in said, part


def test_every_judged_gene_of_a_question_bears_its_verdict(make_judged):
    facts = make_judged()
    assert badges(facts, "response") == {"G0": "holds in 4 of 4", "G1": "holds in 3 of 4"}
    html = page(facts)
    rows = html.split('<h3 id="response">')[1].split("</table>")[0]
    assert rows.count("holds in 4 of 4") == 1
    assert rows.count("holds in 3 of 4") == 1


def test_a_question_without_an_answer_says_why(make_judged):
    facts = make_judged()
    null = {"reason": "2 patients", "n_genes": None}
    power = facts.evidence.power["response"].assign(mde=float("nan"))
    evidence = replace(
        facts.evidence,
        facts={"response": {"flips": null, "no_weights": "one library"}},
        power={"response": power},
    )
    said = words(page(replace(facts, evidence=evidence)))
    assert "all patients: cannot be answered: 2 patients." in said
    assert "all patients, LCN2: cannot be answered." in said
    assert "all patients: cannot be answered: one library." in said


def test_an_item_without_an_interval_gets_no_number(make_judged):
    facts = make_judged()
    ends = dict.fromkeys(("ci_lower", "ci_upper", "p_value"), float("nan"))
    left = facts.evidence.leave_one_out["response"].assign(badge="cannot be answered: 2 patients", p_value=float("nan"))
    found = facts.evidence.dossiers["LCN2"]
    gone = dict.fromkeys(("ci_lower", "ci_upper", "p_value"))
    none = {"badge": "cannot be answered: 2 patients", "p_value": None}
    questions = [
        {**one, "p_values": [one["p_values"][0] | gone, *one["p_values"][1:]],
         "leave_one_out": [row | none for row in one["leave_one_out"]], "power": [], "adjusted": []}
        for one in found["questions"]
    ]  # fmt: skip
    evidence = replace(
        facts.evidence,
        refits={"response": facts.evidence.refits["response"].assign(**ends)},
        leave_one_out={"response": left},
        dossiers={"LCN2": {**found, "questions": questions}},
    )
    told = replace(facts, evidence=evidence)
    headline = page(told).split('id="headline"')[1].split("</table>")[0]
    assert "cannot be answered: 2 patients" in headline
    assert "1.41" not in headline
    said = words(dossier_page("LCN2", told))
    assert "all patients: cannot be answered: 2 patients." in said
    assert "1.41" not in said


def test_the_report_holds_the_dossier_and_leads_to_it(make_judged):
    facts = make_judged()
    html = page(facts)
    assert '<a href="#dossier-LCN2">LCN2 (NGAL)</a>' in html
    inside = words("<main>" + html.split('<section id="dossier-LCN2"')[1].split('<section id="sets"')[0])
    for sentence in words(dossier_page("LCN2", facts)).split("Provenance")[0].split(". "):
        assert sentence.split("#")[0].strip() in inside, sentence
    ids = re.findall(r' id="([^"]*)"', html)
    assert len(ids) == len(set(ids))


def test_the_dossier_states_p_in_its_order(make_judged):
    said = words(dossier_page("LCN2", make_judged()))
    assert "+1.41 log2 (95 % CI 0.31 to 2.52, p = 0.012 by the plain paired t, 0.12 by all sign patterns" in said
    assert (
        "(floor 0.12), 0.0004 in the genome-wide table, n = 4 patients); without each patient: driven by P03." in said
    )
    assert said.index("Plain paired t") < said.index("All sign patterns") < said.index("Model: borrows strength")
    assert "67 of 1,855" in said


def test_the_dossier_never_calls_the_unseen_unchanged_and_sets_the_published_apart(make_judged):
    html = dossier_page("LCN2", make_judged())
    said = words(html)
    assert "LRP2 NGAL RECEPTORS below detection" in said
    assert "MC4R NGAL RECEPTORS not in the matrix" in said
    assert "unchanged" not in said
    assert "Published statements, not results of this study" in said
    assert said.index("Published statements") < said.index("Somebody 2011")
    assert "r = 0.43, by chance -0.91 to 0.92, p = 0.62, n = 4: association only." in said
    assert "1.31 to 1.51 log2 over 2 ways; 2 share the sign, 1 have p below 0.05." in said


def test_every_number_of_the_dossier_comes_from_the_json(make_judged):
    """Whatever stands in a cell is a value of the JSON, as the page rounds it."""
    facts = make_judged()
    known: set[str] = set()

    def collect(value):
        for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            collect(item)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and not pd.isna(value):
            known.update({f"{value:.2f}", f"{value:.2g}", f"{value:,}", f"{value:+.2f}"})

    collect(facts.evidence.dossiers["LCN2"])
    html = dossier_page("LCN2", facts).split("<main>")[1]
    cells = [re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<td.*?</td>", html, re.DOTALL)]
    numbers = [cell for cell in cells if re.fullmatch(r"[+-]?[\d.,]+(e-?\d+)?", cell)]
    assert len(numbers) > 30
    assert set(numbers) <= known


def test_the_dossier_is_self_contained_and_escaped(make_judged):
    html = dossier_page("LCN2", make_judged('<script>alert("x")</script>'))
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    addresses = re.findall(r'(?:src|href)="([^"]*)"', html)
    assert all(address.startswith(("data:", "#")) or address == "../report.html" for address in addresses)
    assert "default-src 'none'" in html


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_neither_page_claims_more_than_a_change(make_judged, pattern):
    facts = make_judged()
    assert not re.search(pattern, page(facts) + dossier_page("LCN2", facts), re.IGNORECASE)


def test_synthetic_is_said_where_it_applies(make_judged):
    assert "Synthetic data" in dossier_page("LCN2", make_judged()).split("<main>")[0]
    assert "Synthetic" not in dossier_page("LCN2", make_judged(synthetic=False))


def test_a_gene_that_was_not_tested_says_so(make_judged):
    facts = make_judged()
    found = facts.evidence.dossiers["LCN2"]
    gone = dict.fromkeys(("estimate", "ci_lower", "ci_upper", "p_value"))
    none = [{"method": "paired_t", **gone}, {"method": "sign_flip", "p_value": None, "floor": None},
            {"method": "engine", "note": "borrows strength", "n_tested": 9, "rank": None, **gone}]  # fmt: skip
    empty = {"leave_one_out": [], "refits": [], "power": [], "adjusted": [], "specifications": [], "association": []}
    questions = [{**one, "status": "filtered_low_count", "p_values": none, **empty} for one in found["questions"]]
    evidence = replace(facts.evidence, dossiers={"LCN2": {**found, "questions": questions}})
    said = words(dossier_page("LCN2", replace(facts, evidence=evidence)))
    assert "all patients: cannot be answered." in said
    assert "filtered low count" in said


def test_the_bundle_lists_the_evidence():
    names = output_files(["response"], ["response"], [], evidence_files(["response"], ["LCN2"]))
    assert {"evidence/response.flips.tsv", "evidence/response.json", "evidence/differences.tsv"} <= set(names)
    assert {"dossier/LCN2.json", "dossier/LCN2.html", "dossier/index.json"} <= set(names)
    assert not [name for name in output_files(["response"], ["response"], []) if name.startswith("evidence")]


def test_samples_of_one_verdict_and_reason_share_a_line():
    table = pd.DataFrame(
        [("a", "ok", "fine", 1), ("b", "unclear", "no", 2), ("c", "unclear", "no", 3), ("d", "warning", "sex", 9)],
        columns=["sample", "verdict", "evidence", "rank_of_partner"],
    )
    lines = identity_sentences(table)
    assert lines[1:] == ["d: warning: sex.", "b, c: unclear: no."]
