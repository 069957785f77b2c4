"""Gene sets: one table of the declared ones over all questions, one table per question with the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dermshift.evidence_tables import main_cards
from dermshift.report.grid import Form, Grid, grid, question_cell
from dermshift.report.words import decimal, plain, probability, text, whole
from dermshift.set_tables import declared

if TYPE_CHECKING:
    from dermshift.report.facts import Facts

TOP = 20
"""Exploratory gene sets shown per question and collection; declared sets are all shown."""

WIDE: tuple[Form, ...] = (
    ("set", "set_name", plain),
    ("tested genes", "n_tested", whole),
    ("mean change", "mean_change", decimal),
    ("p, fry", "fry_p", probability),
    ("FDR, fry", "fry_fdr", probability),
    ("p, camera", "camera_p", probability),
    ("FDR, camera", "camera_fdr", probability),
    ("correlation", "correlation", decimal),
    ("p, flips", "flips_p", probability),
    ("floor", "flips_floor", probability),
    ("normalised score", "nes", decimal),
    ("p, prerank (exploratory)", "prerank_p", probability),
    ("verdict", "verdict", text),
)
COLLECTION: Form = ("collection", "collection", plain)
EDGE = " (in its leading edge)"
LIST_FORM: tuple[Form, ...] = (
    ("set", "set_name", plain),
    ("collection", "collection", plain),
    ("list", "direction", text),
    ("genes on the list", "n_overlap", whole),
    ("tested genes", "n_tested", whole),
    ("odds ratio", "enrichment_score", decimal),
    ("p (exploratory)", "p_value", probability),
    ("FDR", "fdr", probability),
)


def declared_sets(facts: Facts) -> Grid:
    """Return what every method says of the declared sets, question by question."""
    parts = [(card, declared(facts.wide_sets[card["id"]])) for card in facts.cards]
    rows = [(question_cell(card), *cells) for card, wide in parts for cells in grid(wide.reset_index(), WIDE).rows]
    head = grid(pd.DataFrame(columns=[column for _, column, _ in WIDE]), WIDE)
    return Grid(("question", *head.header), tuple(rows), (False, *head.numeric))


def shown_sets(sets: pd.DataFrame) -> Grid:
    """Return every declared set, and the first exploratory ones of each collection by the p of fry.

    Parameters
    ----------
    sets
        As `set_tables.side_by_side` returns them.
    """
    wide = sets.reset_index()
    named = wide[wide["family"] == "declared"]
    others = wide[wide["family"] != "declared"].sort_values(["fry_p", "set_name"], na_position="last")
    kept = others.groupby("collection", sort=False).head(TOP).sort_values(["collection", "fry_p", "set_name"])
    return grid(pd.concat([named, kept]), (*WIDE[:1], COLLECTION, *WIDE[1:]))


def listed_sets(sets: pd.DataFrame) -> Grid:
    """Return the sets of which the lists of passing genes hold more than chance would give, by p."""
    rows = sets[(sets["method"] == "overlap") & sets["p_value"].notna()]
    first = rows.sort_values(["direction", "p_value", "set_name"], ascending=[False, True, True])
    return grid(first.groupby("direction", sort=False).head(TOP), LIST_FORM)


def answered(facts: Facts) -> list[str]:
    """Return one sentence per main question: which declared sets move, and how small a p the flips can give."""
    return [_sentence(card["title"], declared(facts.wide_sets[card["id"]])) for card in main_cards(facts.cards)]


def _sentence(title: str, wide: pd.DataFrame) -> str:
    if not len(wide):
        return f"{title}: no declared set."
    said = [f"{', '.join(map(plain, names))}: {verdict}" for verdict, names in wide.groupby("verdict").groups.items()]
    floor = wide["flips_floor"].min()
    least = "" if pd.isna(floor) else f" The smallest p of the flips is {probability(floor)}."
    return f"{title}: {'; '.join(said)}.{least}"


def standing(facts: Facts) -> list[str]:
    """Return one sentence per configured gene and main question: its place in the ranking, and the sets it is in."""
    return [
        _stands(card["title"], str(symbol), rows)
        for card in main_cards(facts.cards)
        if card["id"] in facts.places
        for symbol, rows in facts.places[card["id"]].groupby("gene_symbol", sort=False)
    ]


def _stands(title: str, symbol: str, rows: pd.DataFrame) -> str:
    first = rows.iloc[0]
    place = "not ranked"
    if pd.notna(first["position"]):
        place = f"place {whole(first['position'] + 1)} of {whole(first['n_ranked'])} from the most increased"
    named = rows["set_name"].fillna("") != ""  # empty in the table: in no set of the collection
    inside, absent = rows[named], rows.loc[~named, "collection"]
    said = [
        f"{plain(name)}{EDGE if edge == 'yes' else ''}"
        for name, edge in zip(inside["set_name"], inside["in_leading_edge"], strict=True)
    ]
    sets = f"in {', '.join(said)}" if said else "in no set"
    none = f"; in no set of {absent.iloc[0]}" if len(absent) and said else ""
    return f"{symbol}, {title}: {place}; {sets}{none}."
