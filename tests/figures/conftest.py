"""Small studies, design cards and tables made by hand: a paired t-test per gene stands in for an engine."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from scipy import stats

from dermshift import evidence_names
from dermshift.evidence.composition import adjusted
from dermshift.evidence.flips import flip_null, flip_tests
from dermshift.evidence.leave_one_out import leave_one_out, summary
from dermshift.evidence.power_card import power_card
from dermshift.evidence_tables import Evidence
from dermshift.figures import FigureInputs
from dermshift.names import DE_COLUMNS, RUNNING_COLUMNS, SET_COLUMNS, column_names
from dermshift.paired.changes import Changes, set_changes
from dermshift.quality import log2_expression, quality_frames
from dermshift.study import Study, Timepoints

BEFORE, AFTER = "baseline", "week1"
MEDIATOR = "G00000"


def make_study(
    *,
    patients: int = 8,
    sexes: tuple[str, ...] = ("female", "male"),
    compartments: tuple[str, ...] = ("dermis", "sebaceous_gland"),
    genes: int = 300,
    effect: float = 2.0,
    seed: int = 0,
) -> Study:
    """Draw negative binomial counts; gene 0 rises in the second sex, every tenth gene moves in everyone."""
    rng = np.random.default_rng(seed)
    rows = [
        {"patient": f"P{i + 1:02d}", "timepoint": time}
        | ({"sex": sexes[i % len(sexes)]} if sexes else {})
        | ({"compartment": place} if compartments else {})
        for i in range(patients)
        for place in (compartments or ("",))
        for time in (BEFORE, AFTER)
    ]
    sheet = pd.DataFrame(rows)
    sheet.index = pd.Index(
        [f"{r['patient']}_{r.get('compartment', 'x')}_{r['timepoint']}" for r in rows], name="sample"
    )
    mean = np.exp(rng.normal(4.5, 1.3, genes))
    shift = np.where(np.arange(genes) % 10 == 1, effect * rng.choice([-1.0, 1.0], genes), 0.0)
    personal = dict(zip(sheet["patient"].unique(), rng.normal(0, 0.3, (patients, genes)), strict=True))
    values = np.empty((len(sheet), genes))
    for place, row in enumerate(sheet.to_dict("records")):
        log2 = np.log2(mean) + personal[row["patient"]]
        if row["timepoint"] == AFTER:
            log2 = log2 + shift
            log2[0] += effect if not sexes or row["sex"] == sexes[-1] else 0.0
        if sexes:
            log2[-2] = 8.0 if row["sex"] == sexes[0] else -2.0
            log2[-1] = -2.0 if row["sex"] == sexes[0] else 7.0
        mu = 2.0**log2
        values[place] = rng.negative_binomial(20, 20 / (20 + mu))
    var = pd.DataFrame({"gene_symbol": [f"SYM{i}" for i in range(genes)]}, index=[f"G{i:05d}" for i in range(genes)])
    var.loc[MEDIATOR, "gene_symbol"] = "MED1"
    var.iloc[-2:, 0] = ["XIST", "RPS4Y1"]
    var["gene_id_original"] = var.index
    return Study("fixture", AnnData(values, obs=sheet, var=var), "counts", Timepoints(BEFORE, AFTER), synthetic=True)


def _title(kind: str, levels: tuple[str, ...], within: tuple[str, ...]) -> str:
    text = {"response": "all patients", "response_within": levels[0] if levels else ""}.get(
        kind, " minus ".join(levels)
    )
    return (f"{text}, in {within[1]}" if within else text).replace("_", " ")


def make_card(
    study: Study,
    kind: str,
    column: str = "",
    levels: tuple[str, ...] = (),
    within: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Make a design card; compartments are summed where the question is not about them."""
    sheet = study.sheet.copy()
    if within:
        sheet = sheet[sheet[within[0]] == within[1]]
    if kind != "response":
        sheet = sheet[sheet[column].isin(levels)]
    summed = "compartment" in sheet and column != "compartment" and within[:1] != ("compartment",)
    keys = ["patient"] if summed or "compartment" not in sheet else ["patient", "compartment"]
    libraries, pairs = [], []
    for key, part in sheet.groupby(keys, sort=True):
        names = {}
        for time in (BEFORE, AFTER):
            names[time] = "_".join([*map(str, key), time])
            members = list(part.index[part["timepoint"] == time])
            libraries.append({"library": names[time], "patient": key[0], "timepoint": time, "members": members})
        pairs.append(
            {
                "patient": key[0],
                "compartment": key[1] if len(key) > 1 else "",
                "sex": part["sex"].iloc[0] if "sex" in part else "",
                "before": names[BEFORE],
                "after": names[AFTER],
            }
        )
    stem = {"response": "response", "response_within": f"response_{column}_{levels[0] if levels else ''}"}
    qid = stem.get(kind, f"difference_{column}_{'_vs_'.join(levels)}") + (f"_in_{within[1]}" if within else "")
    by_level = sheet.groupby(column)["patient"].nunique().to_dict() if column else {}
    return {
        "id": qid,
        "kind": kind,
        "column": column,
        "levels": list(levels),
        "within": list(within),
        "before": BEFORE,
        "after": AFTER,
        "notes": [],
        "title": _title(kind, levels, within),
        "n_pairs": len({pair["patient"] for pair in pairs}),
        "n_by_level": {str(k): int(v) for k, v in by_level.items()},
        "libraries": libraries,
        "pairs": pairs,
        "left_out": [],
    }


def _changes(card: dict[str, Any], values: pd.DataFrame) -> pd.DataFrame:
    members = {entry["library"]: entry["members"] for entry in card["libraries"]}
    rows = {
        (pair["patient"], pair["compartment"], pair["sex"]): values.loc[members[pair["after"]]].mean()
        - values.loc[members[pair["before"]]].mean()
        for pair in card["pairs"]
    }
    frame = pd.DataFrame(rows).T
    frame.index.names = ["patient", "compartment", "sex"]
    return frame


def make_table(study: Study, card: dict[str, Any], values: pd.DataFrame) -> pd.DataFrame:
    """Test each gene by an ordinary t-test on per-patient differences."""
    d = _changes(card, values)
    if card["kind"] == "difference":
        groups = [d[d.index.get_level_values(card["column"]) == level] for level in card["levels"]]
        estimate = groups[0].mean() - groups[1].mean()
        error = np.sqrt(sum(group.var() / len(group) for group in groups))
    else:
        estimate, error = d.mean(), np.sqrt(d.var() / len(d))
    df = max(len(d) - 1, 1)
    t = estimate / error
    p = np.clip(2 * stats.t.sf(np.abs(t), df), 1e-300, 1)
    base_mean = (2**values).mean().to_numpy()
    tested = base_mean > np.quantile(base_mean, 0.1)
    half = stats.t.ppf(0.975, df) * error
    table = pd.DataFrame(
        {
            "gene_id": values.columns,
            "gene_symbol": study.genes["gene_symbol"].to_numpy(),
            "base_mean": base_mean,
            "log2_fold_change": estimate.to_numpy(),
            "standard_error": error.to_numpy(),
            "ci_lower": (estimate - half).to_numpy(),
            "ci_upper": (estimate + half).to_numpy(),
            "statistic": t.to_numpy(),
            "df": float(df),
            "p_value": np.where(tested, p, np.nan),
            "fdr": np.nan,
            "log2_fold_change_shrunken": np.nan if card["kind"] == "difference" else (estimate * 0.9).to_numpy(),
            "n_pairs": card["n_pairs"],
            "rank": pd.NA,
            "flag": None,
            "status": np.where(tested, "tested", "filtered_low_count"),
        }
    )
    table.loc[tested, "fdr"] = stats.false_discovery_control(p[tested])
    return table[column_names(DE_COLUMNS)]


def make_sets(table: pd.DataFrame, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make three declared sets and one exploratory one with a plain running sum."""
    rng = np.random.default_rng(seed)
    ranked = table[table["status"] == "tested"].sort_values("statistic", ascending=False, ignore_index=True)
    rows, running = [], []
    for name in ("Apoptosis_extrinsic", "Apoptosis_intrinsic", "Apoptosis_execution", "Other"):
        hits = np.sort(rng.choice(len(ranked), min(15, len(ranked)), replace=False))
        weight = ranked["statistic"].abs().to_numpy()[hits]
        step, miss = weight / weight.sum(), 1 / max(len(ranked) - len(hits), 1)
        after = np.cumsum(step) - miss * (hits - np.arange(len(hits)))
        extreme = after[np.abs(after).argmax()]
        passes = name.endswith("extrinsic")
        known = dict.fromkeys(column_names(SET_COLUMNS), np.nan) | {
            "set_name": name, "collection": "apoptosis.gmt", "n_genes": 20, "n_tested": len(hits), "n_overlap": 7,
            "family": "exploratory" if name == "Other" else "declared", "n_universe": len(ranked),
            "mean_change": extreme / 2, "leading_edge": "", "status": "tested", "direction": "both",
        }  # fmt: skip
        rows += [
            known | {"method": "fry", "p_value": 0.01, "fdr": 0.03 if passes else 0.4},
            known | {"method": "camera", "p_value": 0.2, "fdr": 0.02 if passes else 0.4, "correlation": 0.05},
            known | {"method": "flips", "p_value": 0.03125, "floor": 0.015625, "fdr": 0.1},
            known | {"method": "prerank", "enrichment_score": extreme, "normalised_enrichment_score": extreme * 3,
                     "p_value": 0.01, "floor": 1 / 1001, "fdr": 0.03},
        ]  # fmt: skip
        running.append(
            pd.DataFrame(
                {
                    "set_name": name,
                    "position": hits,
                    "gene_id": ranked["gene_id"].to_numpy()[hits],
                    "gene_symbol": ranked["gene_symbol"].to_numpy()[hits],
                    "statistic": ranked["statistic"].to_numpy()[hits],
                    "score_before": after - step,
                    "score_after": after,
                }
            )
        )
    return (
        pd.DataFrame(rows)[column_names(SET_COLUMNS)],
        pd.concat(running)[column_names(RUNNING_COLUMNS)],
    )


def make_cards(study: Study) -> list[dict[str, Any]]:
    """Ask for the response, and for every breakdown the study allows."""
    cards = [make_card(study, "response")]
    for column in ("sex", "compartment"):
        levels = study.levels(column)
        cards += [make_card(study, "response_within", column, (level,)) for level in levels]
        cards += [make_card(study, "difference", column, pair) for pair in itertools.combinations(levels[::-1], 2)]
    for place in study.compartments[:1] if study.levels("sex") else []:
        within, levels = ("compartment", place), study.levels("sex")
        cards += [make_card(study, "response_within", "sex", (level,), within) for level in levels]
        cards += [make_card(study, "difference", "sex", tuple(levels[::-1][:2]), within)] if len(levels) > 1 else []
    return cards


SEX_GENES = pd.DataFrame(
    {
        "gene_symbol": ["XIST", "RPS4Y1"],
        "ensembl_id": ["none1", "none2"],
        "sex": ["female", "male"],
        "high_cpm": [10.0, 20.0],
        "low_cpm": [2.0, 5.0],
    }
)


def make_inputs(study: Study | None = None, **options: Any) -> FigureInputs:
    """Make everything figures are drawn from."""
    study = study or make_study(**options)
    values = log2_expression(study)
    cards = make_cards(study)
    tables = {card["id"]: make_table(study, card, values) for card in cards}
    made = {qid: make_sets(table) for qid, table in tables.items()}
    return FigureInputs(
        study=study,
        cards=cards,
        tables=tables,
        expression=values,
        sets={qid: pair[0] for qid, pair in made.items()},
        running={qid: made[qid][1] for qid in list(made)[:4]},
        genes={MEDIATOR: "MED1 (alias)"},
        quality=quality_frames(study, SEX_GENES),
        alpha=0.05,
        overlaps=make_overlaps(),
    )


def make_overlaps() -> pd.DataFrame:
    """Make the overlaps of four sets: two are nearly one, one stands alone."""
    pairs = [("Apoptosis_extrinsic", "Apoptosis_intrinsic", 15, 15, 3), ("Apoptosis_intrinsic", "Other", 15, 12, 9)]
    frame = pd.DataFrame(pairs, columns=["set_a", "set_b", "n_a", "n_b", "n_shared"])
    smaller = frame[["n_a", "n_b"]].min(axis=1)
    either = frame["n_a"] + frame["n_b"] - frame["n_shared"]
    return frame.assign(jaccard=frame["n_shared"] / either, overlap=frame["n_shared"] / smaller)


SETS = {"APOPTOSIS_ALL": [f"G{i:05d}" for i in range(20, 40)], "GLAND": [f"G{i:05d}" for i in range(41, 60)]}
JUDGED = ("response", "response_sex_male", "difference_sex_male_vs_female", "response_compartment_dermis")


def to_changes(card: dict[str, Any], values: pd.DataFrame) -> Changes:
    """Return the patients' own changes of a question, with the sets as further items."""
    d = _changes(card, values)
    group = None
    if card["kind"] == "difference":
        group = pd.Series(d.index.get_level_values("sex"), index=d.index.get_level_values("patient"))
    d.index = d.index.get_level_values("patient")
    found = Changes(d, group, tuple(card["levels"]) if group is not None else (), "log2 CPM")
    both = pd.concat([d, set_changes(found, SETS).values], axis=1)
    return Changes(both, group, found.levels, found.unit)


def make_judged(card: dict[str, Any], table: pd.DataFrame, values: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Judge one question with the plain t alone, which also stands in for the engine."""
    wide = to_changes(card, values)
    top = list(table.dropna(subset=["p_value"]).sort_values("p_value")["gene_id"].head(14))
    kinds = dict.fromkeys(top, "top") | {MEDIATOR: "configured"} | dict.fromkeys(SETS, "set")
    items = list(kinds)
    symbols = dict(zip(table["gene_id"], table["gene_symbol"], strict=True))
    own = leave_one_out(Changes(wide.values[items], wide.group, wide.levels, wide.unit), moderated=False)
    both = [own.assign(method="paired_t"), own[~own["item"].isin(SETS)].assign(method="engine")]
    flips = flip_tests(wide, items).set_index("item")
    summed = [summary(part.drop(columns="method")).assign(method=part["method"].iloc[0]) for part in both]
    left = pd.concat(summed, ignore_index=True)
    left["flip_p"], left["flip_floor"] = (left["item"].map(flips[name]) for name in ("p_value", "floor"))
    score = wide.values[SETS["GLAND"]].mean(axis=1)
    parts = {
        "refits": pd.concat(both, ignore_index=True),
        "leave_one_out": left,
        "power": power_card(wide, items),
        "adjusted": adjusted(wide, score, items, name="gland").assign(score="GLAND"),
        "specifications": make_curve(own),
        "association": pd.DataFrame([{"item": MEDIATOR, "set_name": "APOPTOSIS_ALL", "correlation": 0.41,
                                      "chance_lower": -0.7, "chance_upper": 0.69, "p_value": 0.3, "n": 8,
                                      "note": "association only"}]),
    }  # fmt: skip
    for name, frame in parts.items():
        frame["label"] = [symbols.get(item, item) for item in frame["item"]]
        frame["kind"] = [kinds.get(item, "usual") for item in frame["item"]]
        columns = column_names(dict(evidence_names.TABLES)[f"evidence/QUESTION.{name}.tsv"])
        parts[name] = frame.reindex(columns=columns)
    genes = Changes(wide.values.drop(columns=list(SETS)), wide.group, wide.levels, wide.unit)
    null = flip_null(genes)
    facts = {name: getattr(null, name) for name in ("n_genes", "n_sets", "n_tested", "p_genes", "floor")}
    return parts | {
        "flips": null.patterns,
        "facts": {"flips": {**facts, "n_patterns": len(null.patterns), "reason": null.reason or None}},
    }


def make_curve(own: pd.DataFrame) -> pd.DataFrame:
    """Make the specifications of the mediator: each patient left out, a headline, one that is adjusted."""
    rows = own[own["item"] == MEDIATOR].assign(
        model="paired t", curve="t", filter="fixed", adjustment="none", weights="equal", headline="no"
    )
    main = rows[rows["left_out"] == ""]
    more = [main.assign(model="count model, Wald", headline="yes"), main.assign(adjustment="GLAND", estimate=0.3)]
    return pd.concat([rows, *more], ignore_index=True)


def make_identity(study: Study) -> pd.DataFrame:
    """Make a comparison in which the first sample is closest to a stranger."""
    rows = []
    for place, (sample, row) in enumerate(study.sheet.iterrows()):
        other = AFTER if row["timepoint"] == BEFORE else BEFORE
        partner = sample.replace(str(row["timepoint"]), other)
        stranger = place == 0
        rows.append({"sample": sample, "patient": row["patient"], "timepoint": row["timepoint"],
                     "compartment": row.get("compartment"), "partner": partner, "closest": partner,
                     "closest_patient": "P02" if stranger else row["patient"], "correlation_partner": 0.7,
                     "correlation_closest": 0.8 if stranger else 0.7, "rank_of_partner": 2 if stranger else 1,
                     "n_genes_used": 120, "verdict": "warning" if stranger else "ok", "evidence": "seen"})  # fmt: skip
    return pd.DataFrame(rows).astype({"rank_of_partner": "Int64"})


def make_dossier(inputs: FigureInputs, judged: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Put the dossier of the mediator together."""
    questions = [make_dossier_question(card, judged[card["id"]]) for card in inputs.cards if card["id"] in judged]
    sheet = inputs.study.sheet
    samples = [
        {"sample": name, "log2": float(inputs.expression.loc[name, MEDIATOR]), "value": 1.0}
        | {column: str(row[column]) for column in sheet if column in ("patient", "timepoint", "sex", "compartment")}
        for name, row in sheet.iterrows()
    ]
    panel = {"estimate": 0.2, "ci_lower": -0.1, "ci_upper": 0.5, "p_value": 0.2}
    answers = [{"question": "response", "status": "tested", "log2_fold_change": 0.1, "ci_lower": -0.2, "ci_upper": 0.4}]
    return {
        "gene_id": MEDIATOR, "gene_symbol": "MED1", "label": "MED1 (alias)", "role": "mediator", "synthetic": True,
        "questions": questions, "samples": samples,
        "sources": {"NGAL_SOURCE_NEUTROPHIL": [{"question": q["question"], "title": q["title"]} | panel
                                               for q in questions]},
        "receptors": {"R": [{"gene_symbol": "SLC22A17", "status": "measured", "questions": answers},
                            {"gene_symbol": "LRP2", "status": "below detection",
                             "questions": [{"question": "response", "status": "below detection"}]},
                            {"gene_symbol": "MC4R", "status": "not in the matrix", "questions": []}]},
    }  # fmt: skip


def make_dossier_question(card: dict[str, Any], judged: dict[str, Any]) -> dict[str, Any]:
    """Return one question of a dossier."""

    def rows(name: str) -> list[dict[str, Any]]:
        frame = judged[name]
        return frame[frame["item"] == MEDIATOR].to_dict("records")

    own = next(row for row in rows("leave_one_out") if row["method"] == "paired_t")
    full = next(row for row in rows("refits") if row["method"] == "paired_t" and row["left_out"] == "")
    return {
        "question": card["id"], "title": card["title"], "kind": card["kind"],
        "p_values": [{"method": "paired_t"} | full,
                     {"method": "sign_flip", "p_value": own["flip_p"], "floor": own["flip_floor"]},
                     {"method": "engine", "p_value": 0.001}],
        "leave_one_out": rows("leave_one_out"), "refits": rows("refits"), "association": rows("association"),
    }  # fmt: skip


def with_evidence(inputs: FigureInputs) -> FigureInputs:
    """Add the evidence of some questions."""
    cards = {card["id"]: card for card in inputs.cards if card["id"] in JUDGED}
    judged = {name: make_judged(card, inputs.tables[name], inputs.expression) for name, card in cards.items()}
    kinds = [kind for kind in next(iter(judged.values())) if kind != "facts"]
    scores = pd.concat(
        pd.DataFrame({"sample": inputs.expression.index, "score": name, "value": inputs.expression[genes].mean(axis=1),
                      "n_found": len(genes), "n_genes": len(genes) + 1})
        for name, genes in SETS.items()
    )  # fmt: skip
    evidence = Evidence(
        **{kind: {name: found[kind] for name, found in judged.items()} for kind in kinds},
        facts={name: found["facts"] for name, found in judged.items()},
        pair_identity=make_identity(inputs.study),
        scores=scores.reset_index(drop=True),
        dossiers={"MED1": make_dossier(inputs, judged)},
    )
    return dataclasses.replace(inputs, evidence=evidence)


@pytest.fixture(scope="session")
def inputs() -> FigureInputs:
    """Eight patients, two sexes, two compartments, with the evidence of some questions."""
    return with_evidence(make_inputs())


@pytest.fixture(scope="session")
def bare() -> FigureInputs:
    """Four patients, no sex, no compartments."""
    return make_inputs(patients=4, sexes=(), compartments=(), genes=120)


@pytest.fixture(scope="session")
def wide() -> FigureInputs:
    """Forty patients and four compartments, one of them with a long name."""
    places = ("a_compartment_whose_name_is_rather_long", "b", "c", "d")
    study = make_study(patients=40, compartments=places, genes=60, effect=0.3)
    made = make_inputs(study)
    kept = [card for card in made.cards if card["kind"] == "difference" and card["column"] == "compartment"]
    kept += [card for card in made.cards if card["id"] in ("response", "response_compartment_b")]
    return dataclasses.replace(made, cards=kept)


@pytest.fixture(scope="session")
def judged_inputs():
    """Return a maker of inputs with evidence, for studies of other shapes."""

    def make(**options: Any) -> FigureInputs:
        return with_evidence(make_inputs(**options))

    return make
