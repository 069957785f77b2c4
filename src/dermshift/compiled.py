"""Compile a kernel once per machine, keep the machine code on disk, and share its work out to threads."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba
from platformdirs import user_cache_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Kernel = TypeVar("Kernel", bound="Callable[..., object]")


def compiled(kernel: Kernel) -> Kernel:
    """Compile a function over numbers and arrays; it runs without Python's lock, so that threads share the work.

    Division by zero gives an infinity, as in R. Multiplications and additions are not fused: the dispersion of a gene
    near the floor depends on the last digit, and only the same order of roundings stops where R stops.
    """
    settings = cast("Any", numba.config)  # set by numba at import, unknown to the type checker
    before, settings.CACHE_DIR = settings.CACHE_DIR, str(cache_folder(Path(kernel.__code__.co_filename).parent))
    try:
        return cast("Kernel", numba.njit(cache=True, nogil=True, error_model="numpy")(kernel))
    finally:
        settings.CACHE_DIR = before


def available_threads() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def on_threads(work: Callable[[int], object], items: Iterable[int], threads: int) -> None:
    """Call ``work(item)`` for every item, on so many threads (0: every core). Each call writes only what is its own.

    The kernels inside must release Python's lock.
    """
    threads = threads or available_threads()
    if threads == 1:
        for item in items:
            work(item)
        return
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(work, item) for item in items]:
            done.result()


def cache_folder(folder: Path) -> Path:
    """Return where the machine code of the sources in `folder` is kept.

    numba looks for changes in the file of the compiled function only, not in what that function calls; the digest of
    all kernels beside it in the name makes any change a new folder.
    """
    sources = sorted(folder.glob("*.py"))
    digest = sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    return user_cache_path("dermshift", appauthor=False) / f"kernels-{digest[:16]}"
