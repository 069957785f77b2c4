"""What a user may choose about a synthetic study."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dermshift.errors import ConfigError, Problem

if TYPE_CHECKING:
    from dermshift.simulate.inputs import Inputs

COMPARTMENTS_LAYOUT = "compartments"
BULK_LAYOUT = "bulk"
LAYOUTS = (COMPARTMENTS_LAYOUT, BULK_LAYOUT)


@dataclass(frozen=True)
class Settings:
    """Choices for one synthetic study; ``None`` takes the value of the preset.

    Parameters
    ----------
    seed
        Seed of the only random generator; 0 is a seed like any other.
    preset
        A column of ``simulation/settings.tsv``.
    layout
        ``compartments`` (one library per dissected compartment) or ``bulk`` (one per biopsy).
    traps
        Names from ``simulation/traps.tsv``.
    eczema_noise
        Take the rows of ``simulation/noise.tsv`` for inflamed skin where there are any.
    genes
        Number of genes, panel genes included.
    compartments
        Keep the libraries of these compartments only; they are the same as in the whole study.
    data
        Folder that holds ``calibration.tsv``, ``sex_genes.tsv`` and ``simulation/``.
    gene_seed
        Seed of what belongs to the genes: levels, planted changes of the background, noise. ``None`` takes `seed`;
        studies of different patients that share it, and `genes`, share their truth.
    absent, reversed
        Panels of ``simulation/effects.tsv`` whose changes are left out, or planted with the opposite sign.
    """

    seed: int
    preset: str = "default"
    layout: str = COMPARTMENTS_LAYOUT
    traps: tuple[str, ...] = ()
    eczema_noise: bool = False
    genes: int | None = None
    females: int | None = None
    males: int | None = None
    compartments: tuple[str, ...] | None = None
    data: Path = Path("data")
    gene_seed: int | None = None
    absent: tuple[str, ...] = ()
    reversed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Constants:
    """Numbers and labels of a preset, as in ``simulation/settings.tsv``, where each has its reason."""

    females: int
    males: int
    before: str
    after: str
    genes: int
    depth: float
    size_factor_sd: float
    dispersion_sd: float
    subject_share: float
    score_share: float
    opposite_sex: float
    background_share: float
    background_log2_fold_change: float
    bulk_absent: float
    bulk_median: float
    bulk_sd: float
    bulk_cap: float
    bulk_after: float
    outlier_sd: float


def constants(settings: Settings, inputs: Inputs) -> Constants:
    """Return the numbers of the preset, overridden by `settings`.

    Raises
    ------
    ConfigError
        A choice is unknown or impossible; every one is named.
    """
    presets = [str(column) for column in inputs.settings.columns if column not in ("name", "reason")]
    problems = _unknown(settings, inputs, presets)
    if problems:
        raise ConfigError(*problems)
    text = dict(zip(inputs.settings["name"], inputs.settings[settings.preset], strict=True))
    for name in ("genes", "females", "males"):
        if getattr(settings, name) is not None:
            text[name] = str(getattr(settings, name))
    kinds = {"int": int, "float": float, "str": str}
    values = {name: kinds[str(kind)](text[name]) for name, kind in Constants.__annotations__.items()}
    chosen = Constants(**values)
    if problems := _impossible(settings, chosen, inputs):
        raise ConfigError(*problems)
    return chosen


def _unknown(settings: Settings, inputs: Inputs, presets: list[str]) -> list[Problem]:
    known = {
        "preset": ((settings.preset,), presets),
        "layout": ((settings.layout,), list(LAYOUTS)),
        "trap": (settings.traps, list(inputs.traps["trap"])),
        "compartments": (settings.compartments or (), list(inputs.compartments["compartment"])),
        "absent": (settings.absent, list(dict.fromkeys(inputs.effects["panel"]))),
        "reversed": (settings.reversed, list(dict.fromkeys(inputs.effects["panel"]))),
    }
    return [
        Problem(where, repr(name), f"one of {', '.join(allowed)}", "Choose one of these.")
        for where, (chosen, allowed) in known.items()
        for name in chosen
        if name not in allowed
    ]


def _impossible(settings: Settings, chosen: Constants, inputs: Inputs) -> list[Problem]:
    panel, both = len(inputs.calibration), sorted({*settings.absent} & {*settings.reversed})
    wrong = [
        (settings.seed < 0, "seed", str(settings.seed), "0 or a positive whole number"),
        ((settings.gene_seed or 0) < 0, "gene_seed", str(settings.gene_seed), "0 or a positive whole number"),
        (bool(both), "absent and reversed", ", ".join(both), "each panel in one of them"),
        (chosen.genes < panel, "genes", str(chosen.genes), f"{panel} or more, the panel genes are always in"),
        (min(chosen.females, chosen.males) < 0, "patients", "a negative number", "0 or more of each sex"),
        (chosen.females + chosen.males < 1, "patients", "none", "at least one patient"),
    ]
    return [Problem(where, found, expected, "Correct the value.") for bad, where, found, expected in wrong if bad]
