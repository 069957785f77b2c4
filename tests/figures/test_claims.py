"""Claim cards: what a figure rests on is named, and nothing else."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import pytest

from dermshift import __version__
from dermshift.design import Ask, design_card, plan
from dermshift.figures import FAMILIES, Provenance, claim_card
from dermshift.figures.alt import LONGEST, cut
from dermshift.figures.claims import pairs_of, patients_of

if TYPE_CHECKING:
    from dermshift.figures import Family, Figure, FigureInputs

KEYS = {
    *("question", "shows", "does_not_show", "n", "caution", "id", "alt", "contrasts", "patients", "n_pairs"),
    *("method", "fdr_family", "seed", "inputs", "dermshift", "synthetic"),
}
ENGINE = {
    "name": "limma",
    "summary": "linear model",
    "test": "moderated t",
    "fdr_family": "Benjamini-Hochberg over the tested genes",
    "extra": "pylimma",
    "takes": [],
}
METHOD = {"name": "fry", "summary": "rotation test", "fdr_family": "Benjamini-Hochberg within question", "extra": ""}
MATRIX = {"path": "counts.tsv", "role": "matrix", "sha256": "a" * 64}
SETS = {"path": "sets.gmt", "role": "gene sets", "sha256": "b" * 64}
DRAWN = ("sampling", "pca", "volcano", "slopes", "enrichment", "set_overlaps", "breakdown")


@pytest.fixture(scope="module")
def known(inputs: FigureInputs) -> Provenance:
    fit = {"fit_id": "response", "engine": ENGINE, "options": {"seed": 7}, "record": {"versions": {"pylimma": "9.9"}}}
    return Provenance(
        cards=[card | {"fit_id": "response"} for card in inputs.cards],
        fits=[fit],
        enrichment={"methods": [METHOD]},
        files=[MATRIX],
        gene_sets=[SETS],
        hashes={f"tables/{card['id']}{kind}.tsv": "c" * 64 for card in inputs.cards for kind in ("", ".sets")},
        patients=sorted(inputs.study.sheet["patient"].unique()),
        synthetic=True,
    )


@pytest.fixture(scope="module")
def claims(inputs: FigureInputs, known: Provenance) -> dict[str, tuple[Figure, Family, dict[str, Any]]]:
    firsts = [(next(iter(family.draw(inputs))), family) for family in FAMILIES if family.name in DRAWN]
    return {family.name: (figure, family, claim_card(figure, family, known)) for figure, family in firsts}


def test_a_card_is_complete_and_can_be_written(claims) -> None:
    assert set(claims) == set(DRAWN)
    for figure, _, card in claims.values():
        assert set(card) == KEYS
        assert json.loads(json.dumps(card)) == card
        assert {key: card[key] for key in figure.claim} == figure.claim
        assert (card["id"], card["dermshift"], card["synthetic"]) == (figure.id, __version__, True)
        assert card["method"].endswith(".")
        assert f"dermshift {__version__}" in card["method"]


def test_the_contrast_of_a_question_with_its_sign_and_patients(claims, inputs: FigureInputs) -> None:
    card = claims["volcano"][2]
    (contrast,) = card["contrasts"]
    assert (contrast["question"], contrast["title"]) == ("response", "all patients")
    assert contrast["positive"] == "Positive = higher at week1 than at baseline."
    assert contrast["patients"] == card["patients"] == sorted(inputs.study.sheet["patient"].unique())
    assert card["n_pairs"] == len(card["patients"]) == len(contrast["pairs"]) == 8
    assert contrast["pairs"][0] == ["P01_baseline", "P01_week1"]
    assert card["seed"] == 7
    assert "model by limma: linear model; moderated t; pylimma 9.9" in card["method"]
    assert card["fdr_family"] == "genes: Benjamini-Hochberg over the tested genes"
    assert [entry["path"] for entry in card["inputs"]] == ["counts.tsv", "tables/response.tsv"]


def test_a_figure_of_sets_names_methods_and_set_files(claims) -> None:
    card = claims["enrichment"][2]
    assert "fry: rotation test" in card["method"]
    assert card["fdr_family"] == "gene sets: Benjamini-Hochberg within question"
    assert SETS in card["inputs"]
    assert "tables/response.sets.tsv" in [entry["path"] for entry in card["inputs"]]
    assert "tables/response.tsv" not in [entry["path"] for entry in card["inputs"]]


def test_figures_without_a_question_say_how_they_were_made(claims, known: Provenance) -> None:
    pca, overlaps = claims["pca"][2], claims["set_overlaps"][2]
    for card in (pca, overlaps):
        assert (card["contrasts"], card["n_pairs"], card["fdr_family"], card["seed"]) == ([], None, None, None)
    assert pca["patients"] == known.patients
    assert overlaps["patients"] == []
    assert claims["sampling"][2]["seed"] is None
    assert len(claims["sampling"][2]["contrasts"]) == len(known.cards)
    assert "scanpy " in pca["method"]


def test_every_level_and_difference_of_a_breakdown_is_drawn(claims) -> None:
    drawn = [contrast["question"] for contrast in claims["breakdown"][2]["contrasts"]]
    assert drawn == ["response_sex_female", "response_sex_male", "difference_sex_male_vs_female"]


def test_alternative_text_names_kind_axes_and_finding(claims) -> None:
    for figure, family, card in claims.values():
        assert len(card["alt"]) <= LONGEST
        assert card["alt"].lower().startswith(f"{family.kind}, synthetic data."), figure.id
        assert "\n" not in card["alt"]
    assert claims["volcano"][2]["alt"].split(". ")[1].startswith("Axes x: ")
    assert claims["volcano"][2]["alt"].endswith(claims["volcano"][0].claim["shows"])
    assert "%" not in claims["pca"][2]["alt"].split(". ")[1], "numbers of one panel are no axis"


def test_long_text_is_cut_after_a_word() -> None:
    assert cut("one two, three", 30) == "one two, three"
    assert cut("one two, three", 12) == "one two…"


def test_patients_of_other_levels_of_the_same_model_are_not_counted(inputs: FigureInputs) -> None:
    study = inputs.study
    asks = (Ask("sex"), Ask("compartment"), Ask("sex", "compartment"))
    cards = {d.question.id: design_card(d) for d in plan(study.sheet, study.timepoints, asks)}
    males = sorted(study.sheet.loc[study.sheet["sex"] == "male", "patient"].unique())
    assert patients_of(cards["response_sex_male"]) == males
    assert patients_of(cards["response_sex_male_in_dermis"]) == males
    assert len(patients_of(cards["difference_sex_male_vs_female"])) == 8
    assert len(pairs_of(cards["difference_compartment_sebaceous_gland_vs_dermis"])) == 16
    for card in cards.values():
        assert len(patients_of(card)) == card["n_pairs"]


def test_only_what_was_read_is_listed(inputs: FigureInputs, known: Provenance) -> None:
    family = next(family for family in FAMILIES if family.name == "volcano")
    figure = next(iter(family.draw(inputs)))
    card = claim_card(figure, family, dataclasses.replace(known, hashes={}, fits=[]))
    assert [entry["role"] for entry in card["inputs"]] == ["matrix"]
    assert (card["fdr_family"], card["seed"]) == (None, None)


def test_every_family_says_what_it_is(inputs: FigureInputs) -> None:
    for family in FAMILIES:
        assert all((family.summary, family.kind, family.made, family.reads)), family.name
        assert len(family.kind) < 60, family.name
