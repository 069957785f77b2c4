from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from dermshift.evidence_tables import main_cards
from dermshift.genes import distinct_labels
from dermshift.report.genes import configured_genes, gene_sentences, label, top_genes
from dermshift.report.page import page


def with_values(facts, question, **values):
    rows = facts.configured.copy()
    for name, value in values.items():
        rows.loc[rows["question"] == question, name] = value
    return replace(facts, configured=rows)


def test_sentences_hold_the_numbers_of_the_rows(make_facts):
    facts = with_values(make_facts(), "response", ci_lower=0.356, ci_upper=1.2213)
    response, difference = gene_sentences(facts)
    assert response.split(" (95")[0] == "LCN2 (mediator), all patients: 1.50 log2 higher at week1 than at baseline"
    assert response.endswith("(95 % CI 0.36 to 1.22, p = 0.0005, n = 4 patients).")
    start = "LCN2 (mediator), male minus female: the change is 0.50 log2 more positive in male than in female"
    assert difference.split(" (95")[0] == start
    assert difference.endswith("(95 % CI 0.00 to 0.00, p = 0.45, n = 4 patients); the interval includes 0.")


def test_a_decrease_and_a_negative_difference_are_worded_as_such(make_facts):
    facts = with_values(make_facts(), "response", log2_fold_change=-0.27)
    facts = with_values(facts, "difference_sex_male_vs_female", log2_fold_change=-1.1)
    response, difference = gene_sentences(facts)
    assert "0.27 log2 lower at week1 than at baseline" in response
    assert "the change is 1.10 log2 more negative in male than in female" in difference


def test_a_gene_that_was_filtered_says_so_instead_of_numbers(make_facts):
    facts = with_values(make_facts(), "response", status="filtered_low_count", p_value=None, log2_fold_change=None)
    assert gene_sentences(facts)[0] == "LCN2 (mediator), all patients: no p-value (filtered low count)."
    grid = configured_genes(facts)
    assert grid.header[-1] == "status"
    assert [row[-1].text for row in grid.rows] == ["filtered low count", "tested"]


def test_the_table_names_questions_by_title_and_marks_differences(make_facts):
    facts = with_values(make_facts(), "response", ci_lower=0.356, ci_upper=1.2213)
    grid = configured_genes(facts)
    assert grid.header[:4] == ("question", "gene", "log2 fold change", "95 % CI")
    assert [(row[0].text, row[0].link, row[0].tag) for row in grid.rows] == [
        ("all patients", "response", ""),
        ("male minus female", "difference_sex_male_vs_female", "difference"),
    ]
    assert [cell.text for cell in grid.rows[0]][1:8] == [
        "LCN2 (mediator)",
        "1.50",
        "0.36 to 1.22",
        "0.0005",
        "0.001",
        "1",
        "4",
    ]
    assert '<tr class="difference"><td><a href="#difference_sex_male_vs_female">' in page(facts)


def test_without_configured_genes_there_is_neither_sentence_nor_caution(make_facts):
    facts = make_facts()
    assert "Caution." in page(facts)
    html = page(replace(facts, configured=facts.configured.head(0)))
    assert "Caution." not in html
    assert "Genes named in the configuration" not in html


def card(kind: str, *within: str) -> dict[str, object]:
    return {"kind": kind, "within": list(within)}


@pytest.mark.parametrize(
    ("cards", "kept"),
    [
        ([card("response"), card("response_within"), card("difference"), card("difference", "c", "x")], [0, 2]),
        ([card("response_within"), card("difference")], [0, 1]),
        ([card("response"), card("difference", "c", "x")], [0, 1]),
    ],
)
def test_main_questions_are_chosen_by_design(cards, kept):
    assert main_cards(cards) == [cards[place] for place in kept]


def test_a_gene_without_symbol_or_role_is_called_by_its_id():
    names = distinct_labels(pd.Series([pd.NA], index=["G1"]))
    assert label({"gene_id": "G1", "flag": None}, names) == "G1"


def test_probe_sets_of_one_gene_are_told_apart_and_those_set_aside_say_so(make_facts):
    facts = make_facts()
    first = facts.configured[facts.configured["question"] == "response"].head(1)
    both = first.loc[first.index.repeat(2)].reset_index(drop=True)
    both.loc[1, ["gene_id", "status"]] = ["9_x_at", "set_aside"]
    said = gene_sentences(replace(facts, configured=both))
    symbol, gene = first["gene_symbol"].iloc[0], first["gene_id"].iloc[0]
    assert said[0].startswith(f"{symbol} {gene} (")
    assert said[1].startswith(f"{symbol} 9_x_at (")
    assert said[1].endswith("this probe set is no part of the FDR.")
    assert said[1].count("95 % CI") == 1


def test_roles_are_shown_where_there_are_any(make_facts):
    table = make_facts().tables["response"]
    named = top_genes(table)
    assert named.header[-1] == "role"
    assert [row[-1].text for row in named.rows] == ["mediator", "", ""]
    assert "role" not in top_genes(table.assign(flag=pd.NA)).header
