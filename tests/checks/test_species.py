"""Human known genes are set beside human matrices alone."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dermshift.checks.species import check_species
from dermshift.genes import GeneName, GeneRegistry

SYMBOLS = [f"ABC{letter}{number}" for letter in "DEFGHI" for number in range(10)]
REGISTRY = GeneRegistry(
    (
        *(GeneName(name, f"ENSG{i:011d}", (), (f"OLD{i}", f"Odd{i}")) for i, name in enumerate(SYMBOLS)),
        GeneName("C1orf10", "ENSG00000000777"),
    )
)
HUMAN = [f"ENSG{i:011d}" for i in range(60)]
MOUSE = [f"ENSMUSG{i:011d}" for i in range(60)]
TITLE = [name.title() for name in SYMBOLS]


@pytest.fixture
def judge(matrix_view, counts):
    def check(names, symbols=None, registry=REGISTRY):
        values = pd.DataFrame([[1.0] * len(names)] * len(counts), index=counts.index, columns=names)
        return check_species(replace(matrix_view(values, symbols=symbols or [""] * len(names)), registry=registry))

    return check


def test_human_names_of_any_kind_pass(judge):
    for names in (HUMAN, SYMBOLS, [f"{i}_at" for i in range(60)], [f"SYN{i:05d}" for i in range(60)]):
        assert judge(names, names if names == SYMBOLS else None).verdict == "ok"


def test_mouse_ids_are_refused_with_both_ways_out(judge):
    [problem] = judge(MOUSE).problems
    assert problem.where == "counts.tsv, gene identifiers"
    assert problem.found == (
        f"genes of another species: 60 of 60 mouse: {MOUSE[0]}, {MOUSE[1]}, {MOUSE[2]} and 57 more"
    )
    assert problem.expected == "human genes, as the known ones"
    assert problem.action.startswith("Give a human matrix, or name sets of that species")
    assert 'annotation: {genes: "", sex_genes: ""}' in problem.action


@pytest.mark.parametrize(("prefix", "word"), [("ENSRNOG", "rat"), ("ENSDARG", "zebrafish"), ("ENSXYZG", "ENSXYZG")])
def test_other_species_are_named(judge, prefix, word):
    assert word in judge([f"{prefix}{i:011d}" for i in range(60)]).evidence


def test_mouse_symbols_are_known_by_their_case(judge):
    finding = judge(TITLE, TITLE)
    assert finding.verdict == "error"
    assert "60 of 60 mouse or rat (symbols such as Lcn2): Abcd0, Abcd1, Abcd2" in finding.evidence
    # Some symbols are the same in both species.
    assert "genes of another species" in judge(MIX := [*SYMBOLS[:2], *TITLE[2:]], MIX).evidence
    lower = [name.lower() for name in SYMBOLS]
    assert "human symbols in lower case" in judge(lower, lower).evidence


def test_two_species_in_one_matrix_are_counted(judge):
    finding = judge([*HUMAN, *MOUSE])
    assert finding.evidence.startswith("genes of several species: 60 of 120 human: ENSG00000000000")
    assert "60 of 120 mouse: ENSMUSG00000000000" in finding.evidence
    assert "human genes alone" in finding.problems[0].action
    genomes = [*(f"GRCh38_{name}" for name in SYMBOLS), *(f"mm10___{name}" for name in TITLE)]
    assert "60 of 120 mouse: mm10___Abcd0" in judge(genomes).evidence
    mixed = [*SYMBOLS[:40], *TITLE[40:]]
    assert judge(mixed, mixed).verdict == "error"


def test_a_sequence_added_on_purpose_and_spike_ins_are_noted(judge):
    names = [*(f"ENSG{i:011d}" for i in range(200)), MOUSE[0], "ERCC-00002", "ERCC-00003"]
    finding = judge(names)
    assert finding.verdict == "note"
    assert "1 of 203 mouse" in finding.evidence
    assert "2 ERCC spike-ins" in finding.evidence
    assert judge([*HUMAN, "ERCC-00002"]).verdict == "note"


def test_a_few_names_in_another_case_say_nothing(judge):
    names = [*SYMBOLS[:50], *TITLE[50:55], "C1orf10", "Odd1"]
    assert judge(names, names).verdict == "ok"


def test_without_human_known_genes_every_species_passes(judge):
    for registry in (GeneRegistry(), GeneRegistry((GeneName("Lcn2", MOUSE[0]),))):
        assert judge(MOUSE, TITLE, registry).verdict == "ok"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations([*HUMAN[:12], *MOUSE[:5], "ERCC-00002"]))
def test_the_order_of_genes_changes_no_verdict(judge, names):
    assert judge(names).verdict == "error"
    assert "12 of 18 human" in judge(names).evidence
