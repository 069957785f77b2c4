"""How a sample looks in every figure of samples: colour, marker, fill, and the line that joins a pair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dermshift.figures.style import INK
from dermshift.figures.words import plain
from dermshift.names import COMPARTMENT, PATIENT, SEX, TIMEPOINT
from dermshift.palette import colours

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from dermshift.figures.base import FigureInputs
    from dermshift.study import Study

MARKERS = ("o", "^", "s", "D")
PALE_FILL = 0.4
PALE_GREY = "#A6A6A6"
"""Share of its colour that fills a sample of a further visit, and what is left of ink then."""


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


def courses(study: Study) -> list[tuple[str, str, list[str]]]:
    """Return (patient, compartment, sample before and at every later visit) of every pair; "" where there is none."""
    found = []
    keys = [PATIENT, *([COMPARTMENT] if COMPARTMENT in study.sheet else [])]
    for key, part in study.sheet.groupby(keys, sort=True, observed=True):
        at = {str(time): str(sample) for sample, time in reversed(list(part[TIMEPOINT].items()))}
        visits = [at.get(time, "") for time in (study.timepoints.before, *study.timepoints.visits)]
        if visits[0] and visits[1]:
            found.append((str(key[0]), str(key[1]) if len(key) > 1 else "", visits))
    return found


def time_names(study: Study) -> list[str]:
    """Return the names of the visits, in their order."""
    return [plain(time) for time in (study.timepoints.before, *study.timepoints.visits)]


def scatter(ax: Axes, frame: pd.DataFrame, x: str, y: str, study: Study, *, area: float = 16.0) -> None:
    """Draw samples, open before and filled after, pale at any further visit.

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
    filled = frame[TIMEPOINT].map(fills(study)).fillna(0.0).to_numpy(float)[:, None]
    dots.set(edgecolor=own, facecolor=tinted(own, filled))


def tinted(colour: np.ndarray, fill: np.ndarray | float) -> np.ndarray:
    """Return a colour with the share `fill` of itself and the rest white."""
    return fill * colour + (1 - fill)


def fills(study: Study) -> dict[str, float]:
    """Return how much of its colour fills the marker of each visit."""
    further = dict.fromkeys(study.timepoints.further, PALE_FILL)
    return {study.timepoints.before: 0.0, study.timepoints.after: 1.0} | further


def legend_handles(inputs: FigureInputs) -> list[Line2D]:
    """Return the key: colour, then marker, then fill."""
    study = inputs.study
    handles = [_key(level, colour) for level, colour in level_colours(study).items()]
    handles += [_key(level, INK, marker) for level, marker in sex_markers(study).items()]
    return handles + visit_handles(study)


def visit_handles(study: Study) -> list[Line2D]:
    """Return the key of the visits: how much of its colour fills a marker."""
    times = study.timepoints
    handles = [_key(f"{times.before} (open)", INK, face="white"), _key(f"{times.after} (filled)", INK)]
    return handles + [_key(f"{time} (pale)", INK, face=PALE_GREY) for time in times.further]


def _key(label: str, colour: str, marker: str = "o", face: str = "") -> Line2D:
    from matplotlib.lines import Line2D

    style = {"linestyle": "none", "marker": marker, "ms": 4.5, "mfc": face or colour, "mec": colour}
    return Line2D([], [], label=plain(label), **style)  # type: ignore[arg-type]
