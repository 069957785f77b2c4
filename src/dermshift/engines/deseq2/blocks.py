"""Share genes out to threads: every gene is computed alone, so the count of threads changes no number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.threads import on_threads

if TYPE_CHECKING:
    from collections.abc import Callable

GENES_PER_BLOCK = 1024


def by_blocks(kernel: Callable[..., object], n_genes: int, threads: int, *arrays: object) -> None:
    """Call ``kernel(begin, end, *arrays)`` for blocks of genes that cover `n_genes`, on so many threads.

    The kernel writes its results into the arrays it was given, and must release Python's lock.
    """

    def block(begin: int) -> None:
        kernel(begin, min(begin + GENES_PER_BLOCK, n_genes), *arrays)

    begins = range(0, n_genes, GENES_PER_BLOCK)
    on_threads(block, begins, threads if len(begins) > 1 else 1)
