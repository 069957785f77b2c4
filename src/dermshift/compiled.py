"""Compile a kernel once per machine and keep the machine code on disk."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba
from platformdirs import user_cache_path

if TYPE_CHECKING:
    from collections.abc import Callable

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


def cache_folder(folder: Path) -> Path:
    """Return where the machine code of the sources in `folder` is kept.

    numba looks for changes in the file of the compiled function only, not in what that function calls; the digest of
    all kernels beside it in the name makes any change a new folder.
    """
    sources = sorted(folder.glob("*.py"))
    digest = sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    return user_cache_path("dermshift", appauthor=False) / f"kernels-{digest[:16]}"
