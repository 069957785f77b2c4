"""What cannot be told apart from sex: a comparison between patients compares the sexes too where they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.names import PATIENT, SEX, plain_unit

if TYPE_CHECKING:
    from dermshift.design.model import Design

STRONG = 0.5
"""Share of the variance explained by sex from which the two are hard to tell apart; a judgement."""


def beside_sex(design: Design, values: pd.Series) -> tuple[str, ...]:
    """Say how the patients' numbers or labels go with their sex; nothing where there is one sex, or none recorded.

    Parameters
    ----------
    values
        Number or label of each patient, index patient.
    """
    if SEX not in design.libraries or design.question.column == SEX:
        return ()
    sex = design.libraries.drop_duplicates(PATIENT).set_index(PATIENT)[SEX].reindex(values.index).astype(str)
    if sex.nunique() < 2:
        return ()
    numeric = pd.api.types.is_numeric_dtype(values)
    return (_numbers(design.question.column, values, sex) if numeric else _labels(design.question.column, values, sex),)


def _numbers(column: str, values: pd.Series, sex: pd.Series) -> str:
    x = values.to_numpy(float)
    means = {str(level): float(x[(sex == level).to_numpy()].mean()) for level in sorted(sex.unique())}
    fitted = sex.map(means).to_numpy(float)
    total = float(((x - x.mean()) ** 2).sum())
    share = float(((fitted - x.mean()) ** 2).sum()) / total if total else 0.0
    said = ", ".join(f"{mean:.3g} in {level} patients" for level, mean in means.items())
    text = f"Mean {plain_unit(column)}: {said}; sex explains {100 * share:.0f} % of its variance"
    if share > 1 - 1e-9:
        return f"{text}; the slope cannot be told apart from a difference between the sexes"
    return f"{text}; the slope is mostly a difference between the sexes" if share >= STRONG else text


def _labels(column: str, values: pd.Series, sex: pd.Series) -> str:
    table = pd.crosstab(values, sex)
    rows = [f"{level}: {', '.join(f'{n} {name}' for name, n in row.items() if n)}" for level, row in table.iterrows()]
    text = f"{column.replace('_', ' ').capitalize()} and sex: {'; '.join(rows)}"
    alone = np.asarray((table > 0).sum(axis=1) == 1)
    if alone.all() and bool(((table > 0).sum(axis=0) < len(table)).all()):
        return f"{text}; a difference cannot be told apart from one between the sexes"
    return f"{text}; {', '.join(map(str, table.index[alone]))} of one sex only" if alone.any() else text
