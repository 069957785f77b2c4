"""How a sample looks in every figure of samples: colour, marker, fill, and the line that joins a pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.figures.style import INK, colours
from dermshift.figures.words import plain
from dermshift.names import COMPARTMENT, PATIENT, SEX, TIMEPOINT

if TYPE_CHECKING:
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


def sample_colours(study: Study) -> dict[str, str]:
    """Return the colour of every sample."""
    role = colour_role(study)
    if not role:
        return dict.fromkeys(study.sheet.index, INK)
    palette = colours(study.levels(role), sexes=role == SEX)
    return {str(sample): palette[str(level)] for sample, level in study.sheet[role].items()}


def sample_markers(study: Study) -> dict[str, str]:
    """Return the marker of every sample: sex, where colour already shows the compartment."""
    levels = study.levels(SEX) if colour_role(study) == COMPARTMENT else []
    if not levels:
        return dict.fromkeys(study.sheet.index, MARKERS[0])
    shape = {level: MARKERS[place % len(MARKERS)] for place, level in enumerate(levels)}
    return {str(sample): shape[str(level)] for sample, level in study.sheet[SEX].items()}


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


def is_after(study: Study, sample: str) -> bool:
    """Tell whether a sample was taken at the later timepoint."""
    return bool(study.sheet.loc[sample, TIMEPOINT] == study.timepoints.after)


def mark(ax: Axes, study: Study, sample: str, x: float, y: float, *, size: float = 4.0) -> None:
    """Draw one sample: open before, filled after."""
    colour, marker = sample_colours(study)[sample], sample_markers(study)[sample]
    face = colour if is_after(study, sample) else "white"
    ax.plot(x, y, marker=marker, ms=size, mfc=face, mec=colour, mew=0.9, linestyle="none", zorder=3)


def legend_handles(inputs: FigureInputs) -> list[Line2D]:
    """Return the key: colour, then marker, then fill."""
    from matplotlib.lines import Line2D

    study = inputs.study

    def key(label: str, colour: str, marker: str = "o", *, filled: bool = True) -> Line2D:
        face = colour if filled else "white"
        return Line2D([], [], linestyle="none", marker=marker, ms=4.5, mfc=face, mec=colour, label=plain(label))

    role = colour_role(study)
    palette = colours(study.levels(role), sexes=role == SEX) if role else {}
    handles = [key(level, colour) for level, colour in palette.items()]
    if role == COMPARTMENT:
        handles += [key(level, INK, MARKERS[place % len(MARKERS)]) for place, level in enumerate(study.levels(SEX))]
    handles.append(key(f"{study.timepoints.before} (open)", INK, filled=False))
    handles.append(key(f"{study.timepoints.after} (filled)", INK))
    return handles
