"""One synthetic study, from settings to counts, sheet and truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.simulate.effects import plant, unlike
from dermshift.simulate.genes import SEXES, base_levels, gene_table
from dermshift.simulate.inputs import read_inputs
from dermshift.simulate.libraries import draw_libraries, shares
from dermshift.simulate.noise import gene_noise
from dermshift.simulate.settings import BULK_LAYOUT, constants
from dermshift.simulate.traps import apply_traps
from dermshift.simulate.truth import truth_table

if TYPE_CHECKING:
    from dermshift.simulate.effects import Planted
    from dermshift.simulate.inputs import Inputs
    from dermshift.simulate.noise import Noise
    from dermshift.simulate.settings import Constants, Settings


@dataclass(frozen=True)
class Simulated:
    """A synthetic study.

    Parameters
    ----------
    counts
        Genes x samples, index ``gene_id``, first column ``gene_name``, then one integer column per sample.
    sheet
        Index ``sample``; ``patient``, ``timepoint``, ``sex``, ``compartment`` (not in bulk), ``synthetic``.
    truth
        Assumed changes, columns `truth.COLUMNS`.
    settings
        What it was made with.
    """

    counts: pd.DataFrame
    sheet: pd.DataFrame
    truth: pd.DataFrame
    settings: Settings


def simulate(settings: Settings) -> Simulated:
    """Draw a synthetic study; the same settings give the same study.

    Every part draws from a stream of its own, so a trap changes the libraries it names and no other.

    Raises
    ------
    ConfigError
        A setting is unknown or impossible, or an input table is missing.
    """
    inputs = read_inputs(settings.data)
    chosen = constants(settings, inputs)
    streams = _streams(settings)
    genes = gene_table(inputs, chosen.genes)
    levels = base_levels(inputs, chosen, genes, streams[0])
    planted = unlike(plant(inputs, chosen, genes, settings.layout, streams[1]), settings.absent, settings.reversed)
    mean = levels.mean(axis=1).max(axis=1) * chosen.depth / 1e6
    noise = gene_noise(inputs, chosen, genes["gene_symbol"], mean, streams[2], eczema_noise=settings.eczema_noise)
    libraries = draw_libraries(settings, chosen, inputs, streams[3])
    libraries = apply_traps(libraries, settings, chosen, inputs)
    patient = _patient_levels(chosen, noise, libraries, len(inputs.compartments), streams[4])
    means = _Means(settings, chosen, inputs, levels, planted, noise, patient)
    counts = _draw_counts(means, libraries, streams[5])
    truth = truth_table(settings, chosen, inputs, genes, levels, planted)
    kept = libraries[libraries["kept"]]
    frame = pd.DataFrame(counts, index=pd.Index(genes["gene_id"]), columns=list(kept["sample"]))
    frame.insert(0, "gene_name", genes["gene_symbol"].to_numpy())
    return Simulated(frame, _sheet(kept), truth, settings)


def _streams(settings: Settings) -> list[np.random.Generator]:
    """Return the streams of the genes (levels, changes, noise), then those of the patients."""
    own = np.random.default_rng(settings.seed).spawn(6)
    if settings.gene_seed is None:
        return own
    return [*np.random.default_rng(settings.gene_seed).spawn(6)[:3], *own[3:]]


@dataclass(frozen=True)
class _Means:
    """What the expected counts of a library are made of."""

    settings: Settings
    constants: Constants
    inputs: Inputs
    levels: np.ndarray
    planted: Planted
    noise: Noise
    patient: np.ndarray

    def of(self, library: pd.Series[float], rng: np.random.Generator) -> np.ndarray:
        """Return the expected count of every gene in a library.

        In a dissected library the planted change of its compartment holds for the whole library, contamination
        included: a gene that is null in that compartment is then exactly null there, whatever its surroundings do.
        """
        bulk = self.settings.layout == BULK_LAYOUT
        place, sex = int(library["place"]), SEXES.index(str(library["profile"]))
        share = shares(self.inputs, place, float(library["fraction"]), bulk=bulk)
        change = self.planted.change[:, :, sex] if bulk else self.planted.change[:, [place], sex]
        cpm = (self.levels[:, :, sex] * 2 ** (change * library["later"]) * share).sum(axis=1)
        shift = self.patient[:, int(library["person"]), place] + self.noise.loading * library["score"]
        if library["extra_sd"] > 0:
            shift = shift + library["extra_sd"] * rng.standard_normal(len(shift))
        depth = self.constants.depth / 1e6 * library["size_factor"]
        # Rounded because the last bit of a power differs between processors and the counts must not.
        mean: np.ndarray = np.round(cpm * 2**shift * depth, 6)
        return mean


def _patient_levels(
    constants: Constants, noise: Noise, libraries: pd.DataFrame, n_places: int, rng: np.random.Generator
) -> np.ndarray:
    """Return log2 deviations, genes x patients x compartments: part common to a patient, part of each compartment."""
    shape = (len(noise.sd_subject), int(libraries["person"].max()) + 1)
    common = rng.standard_normal((*shape, 1)) * np.sqrt(constants.subject_share)
    local = rng.standard_normal((*shape, n_places)) * np.sqrt(1 - constants.subject_share)
    level: np.ndarray = (common + local) * noise.sd_subject[:, None, None]
    return level


def _draw_counts(means: _Means, libraries: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Return negative-binomial counts (a gamma mixture of Poisson), genes x kept libraries."""
    columns = []
    for stream, (_, library) in zip(rng.spawn(len(libraries)), libraries.iterrows(), strict=True):
        if library["kept"]:
            noise_stream, count_stream = stream.spawn(2)
            mean = means.of(library, noise_stream)
            rate = count_stream.gamma(1 / means.noise.dispersion, mean * means.noise.dispersion)
            columns.append(count_stream.poisson(rate))
    return np.column_stack(columns)


def _sheet(libraries: pd.DataFrame) -> pd.DataFrame:
    columns = ["patient", "timepoint", "sex", "compartment"]
    if not libraries["compartment"].any():
        columns.remove("compartment")
    sheet = libraries.set_index("sample")[columns].copy()
    sheet["synthetic"] = "true"
    return sheet
