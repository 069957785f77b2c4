from __future__ import annotations

from dataclasses import replace

from dermshift.report.facts import Picture
from dermshift.report.gallery import key_figures, question_figures
from dermshift.report.page import page

QUESTIONS = ("response", "response_sex_male")
IDS = (
    "pca", "library_sizes", "sex_check", "pvalues_response", "pvalues_response_sex_male", "volcano_response",
    "volcano_response_sex_male", "slopes_LCN2", "breakdown_sex", "enrichment", "running_response", "novelty_overall",
)  # fmt: skip


def pictures() -> tuple[Picture, ...]:
    claim = dict.fromkeys(("question", "shows", "does_not_show", "n", "caution"), "x")
    return tuple(Picture(name, "data:,", claim) for name in IDS)


def test_key_figures_come_in_their_order_and_strangers_last():
    assert [picture.id for picture in key_figures(pictures(), QUESTIONS)] == [
        "slopes_LCN2", "breakdown_sex", "volcano_response", "enrichment", "pca", "sex_check", "library_sizes",
        "novelty_overall",
    ]  # fmt: skip


def test_every_figure_is_shown_once():
    shown = key_figures(pictures(), QUESTIONS)
    for question in QUESTIONS:
        shown += question_figures(pictures(), question)
    assert sorted(picture.id for picture in shown) == sorted(IDS)


def test_a_question_has_its_own_figures_alone():
    assert [p.id for p in question_figures(pictures(), "response")] == ["pvalues_response", "running_response"]


def test_figures_of_a_question_stand_in_its_section(make_facts):
    facts = make_facts()
    claim = facts.pictures[0].claim
    own = Picture("ma_response", "data:,", claim)
    html = page(replace(facts, pictures=(own, *facts.pictures)))
    assert html.index('id="figure-volcano_response"') < html.index('id="questions"')
    assert html.index('id="response"') < html.index('id="figure-ma_response"')
    assert html.index('id="figure-ma_response"') < html.index('id="difference_sex_male_vs_female"')
    assert html.count("<img ") == html.count('alt="LCN2 up."') == 2
