"""Every figure: what is drawn equals its frame, nothing covers a label, and the words keep to the rules."""

from __future__ import annotations

import dataclasses
import io
import itertools
import json
import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from dermshift.figures import FAMILIES, Figure, draw_all
from dermshift.figures.paper import PaperCanvas
from dermshift.figures.press import PRESS
from dermshift.figures.style import SIZE_NOTE, paper
from dermshift.names import SAFE_ID

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dermshift.figures import FigureInputs

MEDIATOR = "G00000"
FORBIDDEN = re.compile(r"caused|due to|effect of treatment|induced by|sex-specific|suppress", re.IGNORECASE)


@pytest.fixture(scope="module")
def few(inputs: FigureInputs) -> FigureInputs:
    """The breakdown by sex alone: a third of the questions."""
    kept = [card for card in inputs.cards if card["kind"] == "difference" and card["column"] == "sex"][:1]
    kept += [card for card in inputs.cards if card["id"] in ("response_sex_male", "response_sex_female", "response")]
    names = [card["id"] for card in kept]
    return dataclasses.replace(
        inputs,
        cards=kept,
        tables={name: inputs.tables[name] for name in names},
        sets={name: inputs.sets[name] for name in names[:1]},
        running={name: inputs.running[name] for name in names[:1]},
    )


@pytest.fixture(scope="module")
def all_drawn(inputs: FigureInputs) -> list[Figure]:
    return list(draw_all(inputs))


@pytest.fixture(scope="module")
def drawn(all_drawn: list[Figure]) -> dict[str, Figure]:
    return {figure.id: figure for figure in all_drawn}


@pytest.fixture(scope="module")
def bare_drawn(bare: FigureInputs) -> list[Figure]:
    return list(draw_all(bare))


def texts(figure: Figure) -> list[Text]:
    return [text for text in figure.figure.findobj(Text) if text.get_text().strip() and text.get_visible()]


def words(figure: Figure) -> str:
    return " ".join(" ".join(text.get_text().split()) for text in texts(figure))


def svg(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.figure.savefig(buffer, format="svg")
    return buffer.getvalue()


def test_every_family_draws(drawn: dict[str, Figure]) -> None:
    for family in FAMILIES:
        if family.name == "dose":  # of slopes alone: test_visits_and_dose
            continue
        assert any(name.startswith(family.name) for name in drawn), family.name
    assert {"slopes_MED1", "breakdown_sex", "breakdown_compartment", "breakdown_sex_in_dermis"} <= set(drawn)


def test_ids_are_safe_and_unique(all_drawn: list[Figure]) -> None:
    names = [figure.id for figure in all_drawn]
    assert len(names) == len(set(names))
    assert all(SAFE_ID.fullmatch(name) for name in names)


def test_an_unsafe_id_is_refused(drawn: dict[str, Figure]) -> None:
    figure = drawn["pca"]
    with pytest.raises(ValueError, match="not safe"):
        Figure("../pca", figure.figure, figure.frame, figure.claim)


def test_claims_are_complete_sentences_of_text(drawn: dict[str, Figure]) -> None:
    for figure in drawn.values():
        assert set(figure.claim) == {"question", "shows", "does_not_show", "n", "caution"}, figure.id
        assert all(value.strip() for value in figure.claim.values()), figure.id
        assert json.loads(json.dumps(figure.claim)) == figure.claim


def test_no_forbidden_word(drawn: dict[str, Figure]) -> None:
    for figure in drawn.values():
        said = words(figure) + " ".join(figure.claim.values())
        assert not FORBIDDEN.search(said), figure.id


def test_two_conditions_are_no_change_on_drug(few: FigureInputs) -> None:
    conditions = dataclasses.replace(few, study=dataclasses.replace(few.study, comparison="conditions"))
    figures = {figure.id: figure for figure in draw_all(conditions)}
    pages = [[text.get_text() for text in figure.figure.findobj(Text)] for figure in figures.values()]
    said = [" ".join(texts) for texts in pages] + [json.dumps(figure.claim) for figure in figures.values()]
    assert not [text for text in said if "on drug" in text or "no control arm" in text]
    assert "a difference, not its cause" in json.dumps(figures["volcano_response"].claim)


def test_marks_on_every_figure(drawn: dict[str, Figure]) -> None:
    for figure in drawn.values():
        said = words(figure)
        assert "Synthetic data" in said, figure.id
        assert re.search(r"\d+ (patients|samples)", said) or "n =" in said or figure.id == "enrichment", figure.id
        if figure.id.startswith(("volcano", "ma", "heatmap", "slopes", "breakdown", "running", "enrichment")):
            assert "single arm" in said, figure.id
            assert "ositive =" in said, figure.id


def test_no_text_is_smaller_than_six_points(drawn: dict[str, Figure]) -> None:
    for figure in drawn.values():
        assert min(text.get_fontsize() for text in texts(figure)) >= SIZE_NOTE, figure.id


def drawn_texts(figure: Figure) -> list[Text]:
    """Return every text that is printed: ticks outside the limits of a panel exist without being drawn."""
    found = [*figure.figure.texts, *(text for key in figure.figure.legends for text in key.get_texts())]
    for axes in figure.figure.axes:
        found += axes.texts
        if not axes.axison:
            continue
        found += [axes._left_title, axes.title, axes.xaxis.label, axes.yaxis.label]
        for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            shown = (tick for tick in axis.get_major_ticks() if min(limits) <= tick.get_loc() <= max(limits))
            found += [label for tick in shown for label in (tick.label1, tick.label2)]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def test_no_two_texts_overlap_and_none_leaves_the_page(drawn: dict[str, Figure]) -> None:
    texts_stay_apart(drawn.values())


def texts_stay_apart(figures: Iterable[Figure]) -> None:
    for figure in figures:
        with paper():
            figure.figure.draw(PRESS)  # a legend is placed when it is drawn
        width, height = figure.figure.bbox.size
        # The box of a slanted label is far larger than its letters.
        printed = [text for text in drawn_texts(figure) if text.get_rotation() % 90 == 0]
        boxes = [text.get_window_extent().padded(-0.72) for text in printed]
        for place, (text, box) in enumerate(zip(printed, boxes, strict=True)):
            inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height
            assert inside, f"{figure.id}: {text.get_text()!r} leaves the page"
            for other, second in zip(printed[place + 1 :], boxes[place + 1 :], strict=True):
                assert not box.overlaps(second), f"{figure.id}: {text.get_text()!r} and {other.get_text()!r}"


def test_two_draws_give_the_same_bytes(inputs: FigureInputs, drawn: dict[str, Figure]) -> None:
    for again in (figure for family in FAMILIES for figure in itertools.islice(family.draw(inputs), 2)):
        figure = drawn[again.id]
        first, second = svg(figure), svg(again)
        assert first == second, figure.id
        assert b"<dc:date>" not in first
        assert b"<text" in first, "text must stay text"


def test_pdf_and_png_are_reproducible(drawn: dict[str, Figure]) -> None:
    for kind in ("pdf", "png"):
        buffers = [io.BytesIO(), io.BytesIO()]
        for buffer in buffers:
            drawn["pvalues_response"].figure.savefig(buffer, format=kind, dpi=80)
        assert buffers[0].getvalue() == buffers[1].getvalue(), kind


def test_figures_stay_out_of_pyplot(drawn: dict[str, Figure]) -> None:
    import matplotlib.pyplot as plt

    assert plt.get_fignums() == []
    assert isinstance(drawn["pca"].figure.canvas, PaperCanvas)


def test_the_style_is_put_back(inputs: FigureInputs) -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    svg(next(iter(draw_all(inputs))))
    assert dict(mpl.rcParams) == before


def test_volcano_draws_its_frame(inputs: FigureInputs, drawn: dict[str, Figure]) -> None:
    figure = drawn["volcano_response"]
    axes = figure.figure.axes[0]
    points = np.vstack([np.asarray(dots.get_offsets()) for dots in axes.collections[:-1]])
    expected = figure.frame[["x", "y"]].to_numpy(float)
    assert sorted(map(tuple, points.round(9))) == sorted(map(tuple, expected.round(9)))
    table = inputs.tables["response"]
    tested = table[table["status"] == "tested"]
    assert len(figure.frame) == len(tested)
    assert list(figure.frame["y"]) == pytest.approx(list(-np.log10(tested["p_value"])))


def test_volcano_threshold_in_the_legend_is_the_line(inputs: FigureInputs, drawn: dict[str, Figure]) -> None:
    figure = drawn["volcano_response_sex_male"]
    table = inputs.tables["response_sex_male"]
    limit = table.loc[table["fdr"] < inputs.alpha, "p_value"].max()
    heights = [line.get_ydata()[0] for line in figure.figure.axes[0].lines if line.get_linestyle() == "--"]
    assert heights == pytest.approx([-np.log10(limit)])
    said = words(figure)
    shown = float(re.search(r"p ≤ ([^)]+)\)", said).group(1).replace("−", "-"))  # type: ignore[union-attr]
    assert shown == pytest.approx(limit, rel=0.1)
    passing = table[table["fdr"] < inputs.alpha]
    assert f"higher at week1: {(passing['log2_fold_change'] > 0).sum()}" in said
    assert f"lower at week1: {(passing['log2_fold_change'] < 0).sum()}" in said


def test_p_below_the_cap_is_drawn_at_the_cap(inputs: FigureInputs) -> None:
    table = inputs.tables["response"].copy()
    table.loc[5, ["p_value", "fdr", "status"]] = [1e-300, 1e-297, "tested"]
    from dermshift.figures import volcano

    figure = next(iter(volcano.draw(dataclasses.replace(inputs, tables={"response": table}))))
    row = figure.frame[figure.frame["gene_id"] == "G00005"].iloc[0]
    assert row["capped"]
    assert row["y"] == figure.frame["y"].max() < 300
    assert "beyond the axis" in words(figure)


def test_pca_draws_every_sample_open_or_filled_and_joins_pairs(inputs: FigureInputs, drawn: dict[str, Figure]) -> None:
    figure = drawn["pca"]
    assert [axes.get_title(loc="left") for axes in figure.figure.axes] == list(figure.frame["panel"].unique())
    for axes, (_, part) in zip(figure.figure.axes, figure.frame.groupby("panel", sort=False), strict=True):
        dots = axes.collections[-1]
        assert np.asarray(dots.get_offsets()) == pytest.approx(part[["pc1", "pc2"]].to_numpy(float))
        filled = (dots.get_facecolor() == dots.get_edgecolor()).all(axis=1)
        assert list(filled) == list(part["timepoint"] == inputs.study.timepoints.after)
        assert len(axes.lines) == len(part) / 2
        assert all(len(line.get_xdata()) == 2 for line in axes.lines)


def test_a_colour_and_a_marker_stand_for_the_same_in_panel_and_legend(
    inputs: FigureInputs, drawn: dict[str, Figure]
) -> None:
    from matplotlib.colors import to_rgba

    figure = drawn["pca"]
    key = {line.get_label(): line for line in figure.figure.legends[0].get_lines()}
    dots = figure.figure.axes[0].collections[-1]
    sheet = inputs.study.sheet
    for colour, place in zip(dots.get_edgecolor(), sheet["compartment"], strict=True):
        assert tuple(colour) == to_rgba(key[place.replace("_", " ")].get_markeredgecolor())
    shapes = {sex: len(path.vertices) for sex, path in zip(sheet["sex"], dots.get_paths(), strict=True)}
    assert shapes["male"] < shapes["female"], "a triangle has fewer corners than a circle"
    assert {sex: key[sex].get_marker() for sex in shapes} == {"female": "o", "male": "^"}


def test_library_sizes_draw_their_frame(drawn: dict[str, Figure]) -> None:
    figure = drawn["library_sizes"]
    axes = figure.figure.axes[0]
    offsets = np.asarray(axes.collections[-1].get_offsets())
    assert offsets[:, 0] == pytest.approx(figure.frame["total"].to_numpy(float) / 1e6)
    rows = [label.get_text() for label in axes.get_yticklabels()]
    assert rows == sorted(figure.frame["patient"].unique())
    assert [rows[int(row)] for row in offsets[:, 1]] == list(figure.frame["patient"])


def test_configured_gene_is_always_labelled(drawn: dict[str, Figure]) -> None:
    for name, figure in drawn.items():
        if name.startswith(("volcano", "ma_", "slopes", "heatmap", "breakdown")):
            assert "MED1 (alias)" in words(figure), name


def test_slopes_draw_every_pair_and_the_estimate_of_the_table(inputs: FigureInputs, drawn: dict[str, Figure]) -> None:
    figure = drawn["slopes_MED1"]
    lines = [tuple(line.get_ydata()) for axes in figure.figure.axes for line in axes.lines if line.get_linewidth() < 1]
    assert sorted(lines) == sorted(figure.frame[["before", "after"]].itertuples(index=False, name=None))
    row = inputs.tables["response_sex_male_in_dermis"].set_index("gene_id").loc[MEDIATOR]
    assert f"+{row['log2_fold_change']:.2f} [{row['ci_lower']:.2f}, {row['ci_upper']:.2f}]" in words(figure)
    assert len({axes.get_ylim() for axes in figure.figure.axes}) == 1


def test_breakdown_numbers_are_those_of_the_tables(inputs: FigureInputs, drawn: dict[str, Figure]) -> None:
    frame = drawn["breakdown_sex"].frame
    forest = frame[(frame["panel"] == "forest") & (frame["gene_id"] == MEDIATOR)].set_index("question")
    assert set(forest.index) == {"response_sex_female", "response_sex_male", "difference_sex_male_vs_female"}
    for question, row in forest.iterrows():
        source = inputs.tables[str(question)].set_index("gene_id").loc[MEDIATOR]
        assert row["estimate"] == source["log2_fold_change"]
        assert (row["ci_lower"], row["ci_upper"]) == (source["ci_lower"], source["ci_upper"])


def test_more_levels_than_fit_as_panels_still_show_every_difference(inputs: FigureInputs) -> None:
    from dermshift.figures import breakdown

    card = next(card for card in inputs.cards if card["id"] == "difference_compartment_sebaceous_gland_vs_dermis")
    many = [{**card, "id": f"q{k}", "title": f"pair {k}"} for k in range(breakdown.MOST_PANELS + 1)]
    tables = {**inputs.tables, **{each["id"]: inputs.tables[card["id"]] for each in many}}
    cards = [*many, *(card for card in inputs.cards if card["kind"] == "response_within")]
    figure = next(breakdown.draw(dataclasses.replace(inputs, cards=cards, tables=tables)))
    assert set(figure.frame["panel"]) == {"forest"}
    assert len(figure.figure.axes) == 2
    shown = figure.frame[(figure.frame["kind"] == "difference") & (figure.frame["gene_id"] == MEDIATOR)]
    assert list(shown["question"]) == [each["id"] for each in many]
    assert all(each["title"] in words(figure) for each in many)


def test_capped_points_stand_at_the_edge_of_the_axis() -> None:
    from dermshift.figures.changes import reach

    values, capped = pd.Series([-2.0, 1.0]), pd.Series([True, False])
    assert reach(values, capped, 0.5, 1.2) == pytest.approx(2.06)
    assert reach(values, ~capped, 0.5, 1.2) == pytest.approx(2.4)
    assert reach(values * 0.1, ~capped, 0.5, 1.2) == pytest.approx(0.6)


def test_the_legend_takes_as_many_columns_as_fit() -> None:
    from matplotlib.lines import Line2D

    from dermshift.figures.page import new_page

    def columns(labels: list[str], width: float) -> int:
        page = new_page(width, 30, title="t", key=[Line2D([], [], label=label) for label in labels], key_columns=8)
        return page.legends[0]._ncols

    assert columns(["a", "b", "c", "a name of many letters"], 183) == 4
    assert columns(["a", "b", "c", "a name of many letters"], 50) == 2
    assert columns(["a name of very many letters that fills a line alone"] * 2, 89) == 1


def test_breakdown_speaks_of_equality_only_to_deny_it(few: FigureInputs) -> None:
    from dermshift.figures import breakdown

    tables = {
        name: table.assign(fdr=table["fdr"].where(table["fdr"].isna(), 1.0)) for name, table in few.tables.items()
    }
    for figure in breakdown.draw(dataclasses.replace(few, tables=tables)):
        assert "that is not evidence of equality" in words(figure)
        assert "differs" not in words(figure)


def test_levels_stand_in_one_order_everywhere(inputs: FigureInputs, drawn: dict[str, Figure]) -> None:
    frame = drawn["breakdown_sex"].frame
    levels = frame[(frame["panel"] == "forest") & (frame["kind"] == "level")].sort_values("line")["level"]
    assert list(dict.fromkeys(levels)) == inputs.study.levels("sex")


def test_heatmap_shows_only_the_patients_of_its_level(inputs: FigureInputs, drawn: dict[str, Figure]) -> None:
    from dermshift.figures import heatmap

    card = next(card for card in inputs.cards if card["id"] == "response_sex_male")
    everyone = next(card for card in inputs.cards if card["id"] == "response")
    shared = {**card, "pairs": everyone["pairs"], "libraries": everyone["libraries"]}
    frame = heatmap.pair_changes(inputs, shared)
    assert set(frame.columns.get_level_values(0)) == {"male"}
    mesh = drawn["heatmap_response_sex_male"].figure.axes[0].collections[0]
    values = np.sort(np.asarray(mesh.get_array()).ravel())
    assert values == pytest.approx(np.sort(drawn["heatmap_response_sex_male"].frame["log2_difference"].to_numpy(float)))


def test_running_curve_goes_through_its_frame(inputs: FigureInputs) -> None:
    from dermshift.figures.running import curve

    hits = inputs.running["response"].query("set_name == 'Apoptosis_extrinsic'")
    x, y = curve(hits, 270)
    assert (x[0], y[0], x[-1], y[-1]) == (0, 0, 270, 0)
    assert set(hits["score_after"]) <= set(y)
    assert (np.diff(x) >= 0).all()


def test_enrichment_shows_declared_sets_only(drawn: dict[str, Figure]) -> None:
    frame = drawn["enrichment"].frame
    assert "Other" not in set(frame["set_name"])
    assert set(frame["verdict"]) <= {"moves, and more than other genes", "moves", "not shown", "not tested"}
    passing = frame[frame["set_name"] == "Apoptosis_extrinsic"]
    assert (passing["verdict"] == "moves, and more than other genes").all()
    assert "fry" in words(drawn["enrichment"])


def test_running_panels_bear_the_declared_p_and_their_floor(drawn: dict[str, Figure]) -> None:
    said = words(drawn["running_response"])
    assert "p: fry 0.01 (FDR 0.03), camera 0.2" in said
    assert "flips 0.031 (floor 0.016)" in said
    assert "exploratory" in said


def test_pvalue_histogram_counts_every_tested_gene(inputs: FigureInputs, drawn: dict[str, Figure]) -> None:
    frame = drawn["pvalues_response"].frame
    assert frame["genes"].sum() == (inputs.tables["response"]["status"] == "tested").sum()
    heights = [bar.get_height() for bar in drawn["pvalues_response"].figure.axes[0].patches]
    assert heights == list(frame["genes"])


def test_a_discordant_sample_is_named(inputs: FigureInputs) -> None:
    from dermshift.figures import sex_check

    sample = inputs.study.sheet.index[inputs.study.sheet["sex"] == "male"][0]
    levels = inputs.quality["sex_gene_levels"].copy()
    levels.loc[levels["sample"] == sample, "call"] = "female"
    figure = next(iter(sex_check.draw(dataclasses.replace(inputs, quality={"sex_gene_levels": levels}))))
    assert sample in words(figure)
    assert sample in figure.claim["shows"]
    assert figure.frame.set_index("sample").loc[sample, "verdict"] == "discordant"


def test_filtered_and_missing_genes_are_said(few: FigureInputs) -> None:
    tables = {"response": few.tables["response"].copy()}
    for table in tables.values():
        table.loc[table["gene_id"] == MEDIATOR, ["p_value", "fdr"]] = np.nan
        table.loc[table["gene_id"] == MEDIATOR, "status"] = "filtered_low_count"
    odd = dataclasses.replace(few, tables=tables, genes={MEDIATOR: "MED1", "absent": "NOPE $x_1$"}, sets={})
    families = [family for family in FAMILIES if family.name in ("volcano", "ma", "slopes")]
    found = {figure.id: words(figure) for family in families for figure in family.draw(odd)}
    assert "MED1: below the detection limit of the filter" in found["volcano_response"]
    assert "NOPE $x_1$: not in the matrix" in found["ma_response"]
    assert "below the detection limit" in found["slopes_MED1"]
    assert "not in the matrix" in found["slopes_absent"]


def test_a_probe_set_that_is_set_aside_keeps_its_estimate(few: FigureInputs) -> None:
    table = few.tables["response"].copy()
    table.loc[table["gene_id"] == MEDIATOR, ["status", "fdr"]] = ["set_aside", np.nan]
    aside = dataclasses.replace(few, tables={"response": table}, genes={MEDIATOR: "MED1"}, sets={})
    families = [family for family in FAMILIES if family.name in ("volcano", "slopes")]
    found = {figure.id: words(figure) for family in families for figure in family.draw(aside)}
    assert "MED1: no part of the FDR" in found["volcano_response"]
    assert "no part of the FDR" in found["slopes_MED1"]
    assert "[" in found["slopes_MED1"]
    assert "detection limit" not in found["slopes_MED1"]


def test_log2_values_have_levels_and_no_depth(few: FigureInputs) -> None:
    sizes = pd.DataFrame({"median": 5.0}, index=few.study.sheet.index)
    study = dataclasses.replace(few.study, scale="log2")
    [family] = [family for family in FAMILIES if family.name == "library_sizes"]
    [figure] = family.draw(dataclasses.replace(few, study=study, quality={"library_sizes": sizes}))
    assert "Level of every sample" in words(figure)
    assert not {"depth", "size factors", "library"} & set(" ".join(map(str, figure.claim.values())).lower().split())
    assert "size factors" not in figure.claim["caution"]


def test_empty_results_are_drawn_and_said(few: FigureInputs) -> None:
    tables = {
        name: table.assign(p_value=np.nan, fdr=np.nan, status="filtered_low_count")
        for name, table in few.tables.items()
    }
    empty = dataclasses.replace(
        few,
        tables=tables,
        sets={name: table.head(0) for name, table in few.sets.items()},
        running={name: frame.head(0) for name, frame in few.running.items()},
        quality={name: frame.head(0) for name, frame in few.quality.items()},
    )
    found = {figure.id: figure for figure in draw_all(empty)}
    assert "No gene was tested" in words(found["volcano_response"])
    assert "No declared gene set" in words(found["enrichment"])
    assert all(svg(figure) for figure in found.values())


def test_a_bare_study_needs_no_sex_and_no_compartment(bare_drawn: list[Figure]) -> None:
    found = {figure.id for figure in bare_drawn}
    assert {"pca", "volcano_response", "slopes_MED1", "heatmap_response"} <= found
    assert not any(name.startswith("breakdown") for name in found)


def test_many_patients_compartments_and_long_names(wide: FigureInputs) -> None:
    from dermshift.figures import breakdown

    kept = dataclasses.replace(wide, cards=[wide.cards[0], wide.cards[-2]], sets={}, running={})
    for figure in [*draw_all(kept), *breakdown.draw(wide)]:
        assert svg(figure)
        assert figure.figure.get_figwidth() * 25.4 == pytest.approx(183, abs=95)


def test_frames_have_plain_columns(drawn: dict[str, Figure]) -> None:
    for figure in drawn.values():
        assert isinstance(figure.frame, pd.DataFrame)
        assert figure.frame.columns.is_unique, figure.id
        assert isinstance(figure.frame.index, pd.RangeIndex), figure.id


def test_left_out_draws_the_range_and_names_the_verdict(inputs: FigureInputs, drawn: dict[str, Figure]) -> None:
    figure = drawn["refits_response"]
    table = inputs.evidence.leave_one_out["response"]
    row = figure.frame[(figure.frame["item"] == MEDIATOR) & (figure.frame["method"] == "paired_t")].iloc[0]
    source = table[(table["item"] == MEDIATOR) & (table["method"] == "paired_t")].iloc[0]
    assert (row["estimate_min"], row["estimate_max"]) == (source["estimate_min"], source["estimate_max"])
    assert source["badge"] in words(figure)
    assert source["badge"] in figure.claim["shows"]


def test_flips_count_every_pattern_and_mark_the_observed_one(inputs: FigureInputs, drawn: dict[str, Figure]) -> None:
    frame = drawn["flips"].frame
    for question, part in frame.groupby("question"):
        null = inputs.evidence.facts[str(question)]["flips"]
        assert part["patterns"].sum() == null["n_patterns"]
        marked = part[part["observed"].astype(bool)].iloc[0]
        assert marked["genes_from"] <= null["n_genes"] <= marked["genes_to"]
        assert part["patterns"][part["genes_from"] >= marked["genes_from"]].sum() >= 1


def test_bins_of_the_flips_hold_what_they_say() -> None:
    from dermshift.figures.flips import bins, edges

    counts = np.arange(200)
    for place in np.unique(bins(counts)):
        inside = counts[bins(counts) == place]
        low, high = edges(int(place))
        assert inside.min() == low
        assert inside.max() == min(high, 199)


def test_power_draws_what_was_seen_beside_what_could_be(inputs: FigureInputs, drawn: dict[str, Figure]) -> None:
    frame = drawn["power"].frame
    assert set(frame["item"]) == {MEDIATOR, "median gene"}
    for row in frame[frame["item"] == MEDIATOR].to_dict("records"):
        table = inputs.evidence.power[row["question"]].set_index("item")
        assert row["mde"] == table.loc[MEDIATOR, "mde"]
        own = inputs.evidence.leave_one_out[row["question"]]
        assert row["estimate"] == own[(own["item"] == MEDIATOR) & (own["method"] == "paired_t")]["estimate"].iloc[0]


def test_what_cannot_be_separated_is_written_out(inputs: FigureInputs) -> None:
    from dermshift.figures import composition

    table = inputs.evidence.adjusted["response"].copy()
    gone = [name for name in table if str(name).endswith("_adjusted")]
    table[gone] = np.nan
    table["note"] = "not separable"
    table.loc[table["item"] == MEDIATOR, "tracks"] = "tracks the gland score"
    evidence = dataclasses.replace(inputs.evidence, adjusted={"response": table})
    figure = next(composition.draw(dataclasses.replace(inputs, evidence=evidence)))
    assert "not separable; tracks the gland score" in words(figure)
    assert "measured after the drug" in words(figure)


def test_a_warning_of_the_pair_identity_names_the_sample(drawn: dict[str, Figure]) -> None:
    assert "Warned of: P01_dermis_baseline" in drawn["identity"].claim["shows"]


def test_the_specification_curve_is_sorted_and_marks_the_headline(drawn: dict[str, Figure]) -> None:
    figure = drawn["specifications_MED1"]
    assert figure.frame["estimate"].is_monotonic_increasing
    main = figure.frame[figure.frame["headline"] == "yes"]
    diamonds = [line for line in figure.figure.axes[0].lines if line.get_marker() == "D"]
    assert [line.get_xdata()[0] for line in diamonds] == list(main["place"])
    assert "adjusted for: GLAND" in words(figure)


def test_the_dossier_keeps_the_order_of_p_and_never_calls_the_unseen_unchanged(drawn: dict[str, Figure]) -> None:
    said = words(drawn["dossier_MED1"])
    assert said.index("p, plain t") < said.index("p, flips") < said.index("p, model")
    assert "below detection" in said
    assert "not in the matrix" in said
    assert "ssociation only" in said
    assert "unchanged" not in said


def test_the_association_shows_the_patients_own_changes(inputs: FigureInputs, drawn: dict[str, Figure]) -> None:
    frame = drawn["dossier_MED1"].frame
    dots = frame[frame["drawn"] == "association"].set_index("patient")
    card = next(card for card in inputs.cards if card["id"] == "response")
    members = {library["library"]: library["members"] for library in card["libraries"]}
    for pair in card["pairs"]:
        after, before = (inputs.expression.loc[members[pair[time]], MEDIATOR].mean() for time in ("after", "before"))
        assert dots.loc[pair["patient"], "gene_change"] == pytest.approx(after - before)


@pytest.fixture(scope="module")
def scant(judged_inputs) -> list[Figure]:
    """Four patients, two of each sex: the questions about one sex have no answer."""
    made = judged_inputs(patients=4, compartments=(), genes=60)
    kinds = ("refits", "flips", "power", "composition", "scores", "identity", "specifications", "dossier")
    return [figure for family in FAMILIES if family.name in kinds for figure in family.draw(made)]


def test_what_cannot_be_answered_gets_a_reason_and_no_number(scant: list[Figure]) -> None:
    found = {figure.id: figure for figure in scant}
    reason = "2 patients in male and 2 patients in female, at least 3 needed"
    for name in ("refits_difference_sex_male_vs_female", "dossier_MED1"):
        assert f"Cannot be answered: {reason}" in words(found[name])
    assert "cannot be answered" in words(found["flips"])
    left = found["refits_difference_sex_male_vs_female"].figure.axes[0]
    assert [line for line in left.lines if line.get_marker() == "o"] == []
    texts_stay_apart(scant)


def test_without_evidence_there_is_no_figure_of_it(bare_drawn: list[Figure]) -> None:
    kinds = ("refits", "flips", "power", "composition", "scores", "identity", "specifications", "dossier")
    assert not [figure.id for figure in bare_drawn if figure.id.startswith(kinds)]


def test_every_question_a_figure_draws_is_a_card_and_stands_in_its_name(
    inputs: FigureInputs, drawn: dict[str, Figure]
) -> None:
    known = [card["id"] for card in inputs.cards]
    for figure in drawn.values():
        assert set(figure.questions) <= set(known), figure.id
        assert len(set(figure.questions)) == len(figure.questions), figure.id
        named = [name for name in known if figure.id.endswith(f"_{name}")]
        assert not named or figure.questions == (max(named, key=len),), figure.id
    without = {name for name, figure in drawn.items() if not figure.questions}
    assert without <= {"sampling", "pca", "library_sizes", "sex_check", "set_overlaps", "scores", "identity"}
