"""One question judged: the evidence functions called in order, their frames labelled for the tables."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from dermshift import evidence_names as names
from dermshift.cli.judged_items import Item
from dermshift.evidence_names import CONFIGURED, ENGINE, PAIRED, PANEL, SET
from dermshift.names import SET_ASIDE, TESTED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from dermshift.design.model import Design
    from dermshift.evidence.flips import FlipNull
    from dermshift.names import Column
    from dermshift.paired.changes import Changes
    from dermshift.tables import DETable

BELOW = "below detection"


@dataclass(frozen=True)
class Inputs:
    """Everything a question is judged on; see `dermshift.cli.evidence`."""

    design: Design
    table: DETable
    expression: pd.DataFrame
    items: list[Item]
    refits: pd.DataFrame
    choices: dict[str, str]
    others: list[tuple[dict[str, str], Mapping[str, DETable]]]
    sets: dict[str, tuple[str, list[str]]]
    declared: tuple[str, ...]
    panels: tuple[str, ...]
    adjust_for: str
    association: str
    alpha: float
    seed: int
    counts: bool

    @property
    def declared_sets(self) -> dict[str, list[str]]:
        """Tested genes of the sets of the declared family."""
        return {name: ids for name, (collection, ids) in self.sets.items() if collection in self.declared and ids}

    @property
    def followed(self) -> dict[str, list[str]]:
        """Tested genes of every set that is an item: the declared ones and the panels."""
        return self.declared_sets | {name: self.sets[name][1] for name in self.panels}

    @property
    def all_items(self) -> list[Item]:
        """Genes, then the declared sets, then the panels."""
        kinds = dict.fromkeys(self.panels, PANEL) | dict.fromkeys(self.declared_sets, SET)
        return [*self.items, *(Item(name, name, kinds[name]) for name in self.followed)]


@dataclass(frozen=True)
class Judged:
    """The tables of one question, and a summary in plain values."""

    tables: dict[str, pd.DataFrame]
    summary: dict[str, object]


def judged(inputs: Inputs) -> Judged:
    """Return the evidence on one question."""
    from dermshift.cli.specified import specified
    from dermshift.evidence.flips import flip_null
    from dermshift.evidence.leave_one_out import leave_one_out
    from dermshift.evidence.power_card import power_card
    from dermshift.paired.changes import changes, set_changes

    tested = inputs.table.loc[inputs.table["status"] == TESTED, "gene_id"]
    status = inputs.table.set_index("gene_id")["status"]
    unseen = [item.name for item in inputs.items if status[item.name] not in (TESTED, SET_ASIDE)]
    genes = without_numbers(
        changes(inputs.design, inputs.expression, unit="log2 CPM" if inputs.counts else "log2 intensity"), unseen
    )
    usual = replace(genes, values=genes.values[list(tested)])
    wide = beside(genes, set_changes(usual, inputs.followed))
    wanted = [item.name for item in inputs.all_items]
    own = with_reason(leave_one_out(replace(wide, values=wide.values[wanted]), moderated=False), unseen)
    refits = pd.concat(
        [with_reason(inputs.refits, unseen).assign(method=ENGINE), own.assign(method=PAIRED)], ignore_index=True
    )
    null = flip_null(usual, alpha=inputs.alpha, sets=inputs.declared_sets, seed=inputs.seed)
    adjusted = with_reason(adjusted_for(wide, inputs, wanted), unseen)
    library_weights, weighted, reason = quality_weights(inputs, list(tested))
    tables = {
        "refits": labelled(refits, inputs, names.REFIT_COLUMNS),
        "leave_one_out": labelled(
            with_flips(summaries(refits, genes), wide, inputs.seed), inputs, names.LEFT_OUT_COLUMNS
        ),
        "flips": null.patterns,
        "power": labelled(with_sizes(power_card(wide, wanted, family=list(tested))), inputs, names.POWER_COLUMNS),
        "adjusted": labelled(adjusted, inputs, names.ADJUSTED_COLUMNS),
        "specifications": labelled(specified(inputs, refits, adjusted, weighted), inputs, names.SPECIFICATION_COLUMNS),
        "weights": library_weights,
        "association": labelled(associated(wide, inputs), inputs, names.ASSOCIATION_COLUMNS),
    }
    return Judged(tables, facts(inputs, null, reason))


def without_numbers(taken: Changes, unseen: Sequence[str]) -> Changes:
    """Return the changes without values for genes below detection: their noise would pass for a change."""
    values = taken.values.copy()
    values[list(unseen)] = float("nan")
    return replace(taken, values=values)


def with_reason(rows: pd.DataFrame, unseen: Sequence[str]) -> pd.DataFrame:
    """Return the rows with the reason for what genes below detection lack."""
    return rows.assign(note=rows["note"].mask(rows["item"].isin(unseen), BELOW))


def with_sizes(power: pd.DataFrame) -> pd.DataFrame:
    """Return the power card with the patients of a question of one sample under ``n_a``."""
    return power.assign(n_a=power["n_a"].where(power["n_a"].notna(), power["n"]))


def beside(first: Changes, second: Changes) -> Changes:
    """Return the items of two sets of changes of the same patients, those of the first once."""
    more = second.values[second.values.columns.difference(first.values.columns, sort=False)]
    return replace(first, values=pd.concat([first.values, more], axis=1))


def summaries(refits: pd.DataFrame, taken: Changes) -> pd.DataFrame:
    """Return the leave-one-out summary of each method."""
    from dermshift.evidence.leave_one_out import summary

    parts = [
        summary(rows.drop(columns="method"), patients=taken.patients).assign(method=name)
        for name, rows in refits.groupby("method", sort=False)
    ]
    return pd.concat(parts, ignore_index=True)


def with_flips(summary: pd.DataFrame, wide: Changes, seed: int) -> pd.DataFrame:
    """Return the summary with the exact p-value of each item's own sign patterns or relabellings."""
    from dermshift.evidence.flips import flip_tests

    found = flip_tests(wide, list(dict.fromkeys(summary["item"])), seed=seed).set_index("item")
    own = summary["method"] == PAIRED
    flips = found.reindex(summary["item"]).reset_index(drop=True)
    return summary.assign(flip_p=flips["p_value"].where(own), flip_floor=flips["floor"].where(own))


def associated(wide: Changes, inputs: Inputs) -> pd.DataFrame:
    """Return how each configured gene's change goes with the change of the set named in the config."""
    from dataclasses import asdict

    from dermshift.evidence.association import associate

    genes = [item.name for item in inputs.items if item.kind == CONFIGURED and item.name in wide.values]
    rows = []
    if inputs.association and wide.group is None and wide.covariate is None:
        members = [gene for gene in inputs.sets[inputs.association][1] if gene in wide.values]
        for gene in genes:
            seen = wide.values[gene].notna().all()
            score = wide.values[[name for name in members if name != gene]].mean(axis=1)
            found = asdict(associate(wide.values[gene], score, seed=inputs.seed))
            found |= {} if seen else {"note": f"cannot be answered: {BELOW}"}
            rows.append({"item": gene, "set_name": inputs.association} | found)
    return pd.DataFrame(rows, columns=["item", *(c.name for c in names.ASSOCIATION_COLUMNS[3:])])


def facts(inputs: Inputs, null: FlipNull, no_weights: str) -> dict[str, object]:
    """Return what the tables do not hold, in plain values."""
    return {
        "question": inputs.design.question.id,
        "alpha": inputs.alpha,
        "n_pairs": inputs.design.n_pairs,
        "n_by_level": inputs.design.n_by_level,
        "residual_df": inputs.design.residual_df,
        "adjust_for": inputs.adjust_for or None,
        "association": inputs.association or None,
        "no_weights": no_weights or None,
        "flips": flip_facts(null),
    }


def flip_facts(null: FlipNull) -> dict[str, object]:
    """Return the counts of the flip null and their exact p-values."""
    p = {"p_genes": null.p_genes, "p_sets": null.p_sets, "floor": null.floor}
    numbers = {name: None if value is None or value != value else float(value) for name, value in p.items()}
    counts = {name: getattr(null, name) for name in ("n_genes", "n_sets", "n_tested", "n_tested_sets")}
    return counts | numbers | {"n_patterns": len(null.patterns), "reason": null.reason or None}


def write(found: Judged, folder: Path, question: str) -> None:
    """Write the tables and the facts of one question into the folder of the evidence."""
    from dermshift import io

    for name, frame in found.tables.items():
        io.write_table(frame, folder / f"{question}.{name}.tsv", names.BY_KIND[name])
    io.write_json(found.summary, folder / f"{question}.json")


def adjusted_for(wide: Changes, inputs: Inputs, wanted: list[str]) -> pd.DataFrame:
    """Return each item beside its value at a constant score; without a score in the config, no row."""
    from dermshift.evidence.composition import COLUMNS, adjusted, score_changes

    if not inputs.adjust_for:
        return pd.DataFrame(columns=[*COLUMNS, "score"])
    panel = inputs.sets[inputs.adjust_for][1]
    label = inputs.adjust_for.lower().replace("_", " ")
    found = adjusted(wide, score_changes(wide, panel), wanted, panel=panel, name=label)
    return found.assign(score=inputs.adjust_for)


def quality_weights(inputs: Inputs, tested: list[str]) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Return the quality weight of each library, the judged genes fitted with them, and why there are none."""
    from dermshift.evidence.weights import weighted

    found = weighted(inputs.design, inputs.expression[tested])
    known = {item.name for item in inputs.items}
    columns = [column.name for column in names.WEIGHT_COLUMNS]
    return found.weights[columns], found.table[found.table["item"].isin(known)], found.reason


def labelled(frame: pd.DataFrame, inputs: Inputs, columns: tuple[Column, ...]) -> pd.DataFrame:
    """Return the frame with label and kind of each item, in the columns of a table."""
    known = {item.name: item for item in inputs.all_items}
    label = [known[item].label if item in known else item for item in frame["item"]]
    kind = [known[item].kind if item in known else "usual" for item in frame["item"]]
    return frame.assign(label=label, kind=kind)[[column.name for column in columns]]
