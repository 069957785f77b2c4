"""Drawing the families of figures, side by side where there are cores for it."""

from __future__ import annotations

import gc
import warnings
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from dermshift.figures import FigureInputs, Provenance


@dataclass(frozen=True)
class Sources:
    """Where figures are drawn from; small enough to be handed to another process."""

    out: Path
    alpha: float
    genes: str
    sex_genes: str
    families: tuple[str, ...] = ()

    def wants(self, name: str) -> bool:
        """Tell whether a family is to be drawn; every one where none is named."""
        return not self.families or name in self.families


def draw(sources: Sources, processes: int) -> list[str]:
    """Write every figure into ``figures``; return their ids in reading order, the same for any number of processes.

    Parameters
    ----------
    processes
        That draw side by side; 0 for every core this process may use.
    """
    from dermshift.figures import FAMILIES
    from dermshift.threads import available_threads

    _prepared.cache_clear()  # the files may be those of another run by now
    places = [place for place, family in enumerate(FAMILIES) if sources.wants(family.name)]
    wanted = processes or available_threads()
    if wanted == 1:
        return list(chain.from_iterable(_family(sources, place) for place in places))
    return _side_by_side(sources, wanted, places)


def _side_by_side(sources: Sources, processes: int, places: list[int]) -> list[str]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    _prepared(sources)  # read here, once: the others are copies of this process and find it read
    with warnings.catch_warnings():
        # Python warns of copying a process that runs threads; the one here belongs to pyarrow's allocator, which copes.
        warnings.simplefilter("ignore", DeprecationWarning)
        with ProcessPoolExecutor(min(processes, len(places)), mp_context=get_context("fork")) as pool:
            return list(chain.from_iterable(pool.map(_family, [sources] * len(places), places)))


@lru_cache(maxsize=1)
def _prepared(sources: Sources) -> tuple[FigureInputs, Provenance]:
    """Read the inputs once per process."""
    from dermshift.cli.plot import inputs, provenance

    known = inputs(sources.out, sources.alpha, sources.genes, sources.sex_genes)
    prepared = known, provenance(sources.out, known)
    gc.freeze()  # a figure leaves thousands of circles: what was read need not be searched for them each time
    return prepared


def _family(sources: Sources, place: int) -> list[str]:
    """Write the figures of one family and return their ids."""
    from dermshift import figures, io

    known, provenance = _prepared(sources)
    family, drawn = figures.FAMILIES[place], []
    for figure in family.draw(known):
        claim = figures.claim_card(figure, family, provenance)
        io.write_figure(replace(figure, claim=claim), sources.out / "figures")
        drawn.append(figure.id)
    return drawn
