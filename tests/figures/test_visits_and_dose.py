"""Three visits, and a slope on the dose: every sample is shown, every word names the right visit."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from dermshift.design import Ask, design_card, library_values, plan
from dermshift.evidence.leave_one_out import leave_one_out
from dermshift.evidence_tables import Evidence
from dermshift.figures import FigureInputs, breakdown, dose, heatmap, pca, slopes, volcano
from dermshift.names import DE_COLUMNS, column_names
from dermshift.paired.changes import changes
from dermshift.paired.moderated import t_tests
from dermshift.quality import log2_expression, quality_frames
from dermshift.study import Study, Timepoints

if TYPE_CHECKING:
    from collections.abc import Callable

    from dermshift.figures import Figure

TIMES = Timepoints("baseline", "week1", ("week8",))
GENE = "G3"


@pytest.fixture(scope="module")
def visited() -> FigureInputs:
    """Eight patients at three visits with a dose each; tables by the plain paired t."""
    from anndata import AnnData

    rng = np.random.default_rng(5)
    doses = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    rows = [
        (f"P{i}_{time}", f"P{i}", time, "male" if i % 2 else "female", f"{doses[i]}")
        for i in range(8)
        for time in ("baseline", "week1", "week8")
    ]
    columns = ["sample", "patient", "timepoint", "sex", "mg_per_kg_day"]
    sheet = pd.DataFrame(rows, columns=columns).set_index("sample")
    counts = rng.poisson(rng.lognormal(4, 1, 60), (24, 60)).astype(float)
    var = pd.DataFrame({"gene_symbol": [f"S{i}" for i in range(60)]}, index=[f"G{i}" for i in range(60)])
    study = Study("t", AnnData(counts, obs=sheet, var=var), "counts", TIMES, synthetic=True)
    values = log2_expression(study)
    designs = plan(sheet, TIMES, [Ask(), Ask("timepoint"), Ask(slope="mg_per_kg_day")])
    tables, refits = {}, {}
    for design in designs:
        own = log2_of(study, design, values)
        found = t_tests(changes(design, own), moderated=False).rename(columns={"item": "gene_id"})
        found = found.assign(gene_symbol=var["gene_symbol"].to_numpy(), log2_fold_change=found["estimate"],
                             base_mean=5.0, fdr=1.0, status="tested", n_pairs=8)  # fmt: skip
        tables[design.question.id] = found.reindex(columns=column_names(DE_COLUMNS))
        refits[design.question.id] = leave_one_out(changes(design, own), moderated=False).assign(method="paired_t")
    cards = [design_card(design) for design in designs]
    evidence = dataclasses.replace(Evidence(), refits=refits)
    return FigureInputs(study=study, cards=cards, tables=tables, expression=values, sets={}, running={},
                        genes={GENE: "S3"}, quality=quality_frames(study, pd.DataFrame(
                            columns=["gene_symbol", "ensembl_id", "sex", "high_cpm", "low_cpm"])),
                        alpha=0.05, evidence=evidence)  # fmt: skip


def log2_of(study: Study, design: object, values: pd.DataFrame) -> pd.DataFrame:
    return values.loc[library_values(study, design).index]  # type: ignore[arg-type]


def words(figure: Figure) -> str:
    return " ".join(" ".join(text.get_text().split()) for text in figure.figure.findobj(Text))


def drawn(draw: Callable[[FigureInputs], object], inputs: FigureInputs) -> dict[str, Figure]:
    return {figure.id: figure for figure in draw(inputs)}  # type: ignore[attr-defined]


def test_the_change_of_every_patient_stands_at_their_dose(visited: FigureInputs) -> None:
    figure = drawn(dose.draw, visited)["dose_S3_slope_mg_per_kg_day"]
    frame, level = figure.frame.set_index("patient"), visited.expression[GENE]
    for i in range(8):
        change = level[f"P{i}_week1"] - level[f"P{i}_baseline"]
        np.testing.assert_allclose(frame.loc[f"P{i}", "log2_difference"], change)
        np.testing.assert_allclose(frame.loc[f"P{i}", "number"], 0.2 + 0.1 * i)
    slope = np.polyfit(frame["number"].astype(float), frame["log2_difference"].astype(float), 1)[0]
    assert f"{slope:+.2f}".replace("-", "−") in figure.claim["shows"]
    assert "mg/kg/day" in words(figure)
    assert "sex explains" in words(figure)  # what cannot be told apart from the dose stands on the figure


def test_every_visit_is_a_place_on_the_axis(visited: FigureInputs) -> None:
    (figure,) = drawn(slopes.draw, visited).values()
    assert figure.frame["week8"].notna().all()
    labels = [label.get_text() for label in figure.figure.axes[0].get_xticklabels()]
    assert labels == ["baseline", "week1", "week8"]
    assert "week8 (pale)" in words(next(iter(drawn(pca.draw, visited).values())))


@pytest.mark.parametrize(
    ("question", "heading", "positive"),
    [
        ("response_timepoint_week8", "week8 vs baseline", "Positive = higher at week8 than at baseline."),
        ("difference_timepoint_week8_vs_week1", "week8 vs week1", "Positive = higher at week8 than at week1."),
        ("slope_mg_per_kg_day", "week1 vs baseline: response per mg/kg/day", "with more mg/kg/day, between patients."),
    ],
)
def test_titles_and_signs_name_the_visits_compared(
    visited: FigureInputs, question: str, heading: str, positive: str
) -> None:
    text = words(drawn(volcano.draw, visited)[f"volcano_{question}"])
    assert text.startswith(heading) or heading in text
    assert positive in text


def test_a_difference_of_visits_is_a_change_of_its_own(visited: FigureInputs) -> None:
    figure = drawn(breakdown.draw, visited)["breakdown_timepoint"]
    assert "each vs baseline" in words(figure)
    maps = drawn(heatmap.draw, visited)
    level = visited.expression
    frame = maps["heatmap_response_timepoint_week8"].frame
    shown = frame[frame["gene_id"] == GENE] if "gene_id" in frame else frame
    assert len(shown)
    change = level.loc["P0_week8", GENE] - level.loc["P0_baseline", GENE]
    assert np.isclose(shown.select_dtypes("number").to_numpy(), change).any()
