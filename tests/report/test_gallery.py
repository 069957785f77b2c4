from __future__ import annotations

from dataclasses import replace

from dermshift.report.gallery import PLACES, other_figures, question_figures, section_figures
from dermshift.report.page import page
from dermshift.report.pictures import Picture

QUESTIONS = ("response", "response_sex_male")
IDS = (
    "pca", "library_sizes", "sex_check", "pvalues_response", "pvalues_response_sex_male", "volcano_response",
    "volcano_response_sex_male", "slopes_LCN2", "breakdown_sex", "enrichment", "running_response", "novelty_overall",
)  # fmt: skip


def pictures() -> tuple[Picture, ...]:
    claim = dict.fromkeys(("question", "shows", "does_not_show", "n", "caution"), "x")
    return tuple(Picture(name, b"<svg/>", b"", claim) for name in IDS)


def names(found: list[Picture]) -> list[str]:
    return [picture.id for picture in found]


def test_figures_of_a_section_come_in_its_order():
    assert names(section_figures(pictures(), "quality")) == ["library_sizes", "pca", "sex_check"]
    assert names(section_figures(pictures(), "results")) == ["breakdown_sex"]
    assert names(section_figures(pictures(), "explore")) == ["volcano_response", "volcano_response_sex_male"]


def test_every_figure_has_one_place():
    shown = [picture for section in PLACES for picture in section_figures(pictures(), section)]
    shown += [picture for question in QUESTIONS for picture in question_figures(pictures(), question)]
    shown += other_figures(pictures(), QUESTIONS)
    assert sorted(names(shown)) == sorted(IDS)


def test_a_question_has_its_own_figures_alone_and_strangers_stand_apart():
    assert names(question_figures(pictures(), "response")) == ["pvalues_response", "running_response"]
    assert names(other_figures(pictures(), QUESTIONS)) == ["novelty_overall"]


def test_figures_stand_in_their_sections_with_their_words_for_those_who_cannot_see_them(make_facts):
    facts = make_facts()
    claim = facts.pictures[0].claim
    quality = Picture("pca", b"<svg/>", b"", claim | {"alt": "Scatter of samples."})
    html = page(replace(facts, pictures=(quality, *facts.pictures)))
    assert html.index('id="quality"') < html.index('id="figure-pca"') < html.index('id="explore"')
    assert html.index('id="response"') < html.index('id="figure-pvalues_response"')
    assert html.index('id="figure-pvalues_response"') < html.index('id="difference_sex_male_vs_female"')
    assert html.count('alt="Scatter of samples."') == 1
    assert html.count('alt="LCN2 up."') == 1
    assert html.count("<img ") == 2
