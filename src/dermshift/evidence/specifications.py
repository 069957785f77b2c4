"""Every defensible way to get the number of one gene, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COLUMNS = [
    "item", "model", "curve", "filter", "adjustment", "weights", "left_out", "estimate", "ci_lower", "ci_upper",
    "p_value", "headline",
]  # fmt: skip
NUMBERS = ["item", "estimate", "ci_lower", "ci_upper", "p_value"]
USUAL = {"curve": "t", "filter": "fixed", "adjustment": "none", "weights": "equal"}


def specification(
    frame: pd.DataFrame, choices: Mapping[str, str], *, headline: bool = False, left_out: str = ""
) -> pd.DataFrame:
    """Return rows of a specification curve: the numbers of `frame` and the choices they rest on.

    Parameters
    ----------
    frame
        ``item``, ``estimate``, ``ci_lower``, ``ci_upper`` (log2) and ``p_value``.
    choices
        ``model``, and ``curve``, ``filter``, ``adjustment``, ``weights`` where they depart from `USUAL`.
    headline
        Whether these are the numbers of the main tables.
    left_out
        Patient left out; "" for nobody.
    """
    described = USUAL | dict(choices) | {"left_out": left_out, "headline": "yes" if headline else "no"}
    return frame[NUMBERS].assign(**described)[COLUMNS]


def curve(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return all specifications of all items, each item's rows in the order of their estimates.

    Rows without an estimate stay, last: a specification that cannot be answered is part of the picture.
    """
    rows = pd.concat(parts, ignore_index=True)
    items = {item: place for place, item in enumerate(dict.fromkeys(rows["item"]))}
    order = rows.assign(place=rows["item"].map(items)).sort_values(["place", "estimate"], kind="stable")
    return order.drop(columns="place").reset_index(drop=True)
