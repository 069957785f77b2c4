"""Drawing the families of figures, side by side where there are cores for it."""

from __future__ import annotations

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


def draw(sources: Sources, processes: int) -> list[str]:
    """Write every figure into ``figures``; return their ids in reading order, the same for any number of processes.

    Parameters
    ----------
    processes
        That draw side by side; 0 for every core this process may use.
    """
    from dermshift.compiled import available_threads
    from dermshift.figures import FAMILIES

    _prepared.cache_clear()  # the files may be those of another run by now
    places = range(len(FAMILIES))
    wanted = processes or available_threads()
    if wanted == 1:
        return list(chain.from_iterable(_family(sources, place) for place in places))
    return _side_by_side(sources, wanted, len(FAMILIES))


def _side_by_side(sources: Sources, processes: int, families: int) -> list[str]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # Started anew: a copy of a process whose libraries run threads may hang.
    with ProcessPoolExecutor(min(processes, families), mp_context=get_context("spawn")) as pool:
        return list(chain.from_iterable(pool.map(_family, [sources] * families, range(families))))


@lru_cache(maxsize=1)
def _prepared(sources: Sources) -> tuple[FigureInputs, Provenance]:
    """Read the inputs once per process."""
    from dermshift.cli.plot import inputs, provenance

    known = inputs(sources.out, sources.alpha, sources.genes, sources.sex_genes)
    return known, provenance(sources.out, known)


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
