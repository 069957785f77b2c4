"""Share genes out to threads: every gene is computed alone, so the count of threads changes no number."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

GENES_PER_BLOCK = 256


def available_threads() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def by_blocks(kernel: Callable[..., object], n_genes: int, threads: int, *arrays: object) -> None:
    """Call ``kernel(begin, end, *arrays)`` for blocks of genes that cover `n_genes`, on so many threads.

    The kernel writes its results into the arrays it was given, and must release Python's lock.
    """
    blocks = [(begin, min(begin + GENES_PER_BLOCK, n_genes)) for begin in range(0, n_genes, GENES_PER_BLOCK)]
    if threads == 1 or len(blocks) == 1:
        for begin, end in blocks:
            kernel(begin, end, *arrays)
        return
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(kernel, begin, end, *arrays) for begin, end in blocks]:
            done.result()
