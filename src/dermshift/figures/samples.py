"""How a sample looks in every figure of samples: colour, marker, fill, and the line that joins a pair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dermshift.figures.style import INK, colours
from dermshift.figures.words import plain
from dermshift.names import COMPARTMENT, PATIENT, SEX, TIMEPOINT

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from dermshift.figures.base import FigureInputs
    from dermshift.study import Study

MARKERS = ("o", "^", "s", "D")


def colour_role(study: Study) -> str:
    """Return the column shown as colour: the compartment if there are several, else sex, else ""."""
    if len(study.compartments) > 1:
        return COMPARTMENT
    return SEX if study.levels(SEX) else ""


def level_colours(study: Study) -> dict[str, str]:
    """Return the colour of every level of the column shown as colour."""
    role = colour_role(study)
    return colours(study.levels(role), sexes=role == SEX) if role else {}


def sex_markers(study: Study) -> dict[str, str]:
    """Return the marker of every sex, where colour already shows the compartment."""
    levels = study.levels(SEX) if colour_role(study) == COMPARTMENT else []
    return {level: MARKERS[place % len(MARKERS)] for place, level in enumerate(levels)}


def pairs(study: Study) -> list[tuple[str, str, str, str]]:
    """Return (patient, compartment, before sample, after sample) of every pair, sorted."""
    keys = [PATIENT, *([COMPARTMENT] if COMPARTMENT in study.sheet else [])]
    found = []
    for key, part in study.sheet.groupby(keys, sort=True, observed=True):
        before = part.index[part[TIMEPOINT] == study.timepoints.before]
        after = part.index[part[TIMEPOINT] == study.timepoints.after]
        if len(before) and len(after):
            place = str(key[1]) if len(key) > 1 else ""
            found.append((str(key[0]), place, str(before[0]), str(after[0])))
    return found


def scatter(ax: Axes, frame: pd.DataFrame, x: str, y: str, study: Study, *, area: float = 16.0) -> None:
    """Draw samples, open before and filled after.

    Parameters
    ----------
    frame
        The sheet of some samples, with columns `x` and `y`.
    area
        Of a marker, points squared.
    """
    import seaborn as sns

    if frame.empty:
        return
    role = colour_role(study)
    shown: dict[str, Any] = {"color": INK}
    if role:
        shown = {"hue": role, "palette": level_colours(study)}
    if role == COMPARTMENT and SEX in study.sheet:
        shown |= {"style": SEX, "markers": sex_markers(study)}
    sns.scatterplot(frame, x=x, y=y, s=area, linewidth=0.9, zorder=3, legend=False, ax=ax, **shown)
    dots = ax.collections[-1]
    own = np.asarray(dots.get_facecolor(), dtype=float) * np.ones((len(frame), 1))
    after = (frame[TIMEPOINT] == study.timepoints.after).to_numpy()
    dots.set(edgecolor=own, facecolor=np.where(after[:, None], own, 1.0))


def legend_handles(inputs: FigureInputs) -> list[Line2D]:
    """Return the key: colour, then marker, then fill."""
    from matplotlib.lines import Line2D

    study = inputs.study

    def key(label: str, colour: str, marker: str = "o", *, filled: bool = True) -> Line2D:
        face = colour if filled else "white"
        return Line2D([], [], linestyle="none", marker=marker, ms=4.5, mfc=face, mec=colour, label=plain(label))

    handles = [key(level, colour) for level, colour in level_colours(study).items()]
    handles += [key(level, INK, marker) for level, marker in sex_markers(study).items()]
    handles.append(key(f"{study.timepoints.before} (open)", INK, filled=False))
    handles.append(key(f"{study.timepoints.after} (filled)", INK))
    return handles
