"""Run PyDESeq2 on one core, without output, with its warnings kept for the record."""

from __future__ import annotations

import warnings
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import lru_cache
from io import StringIO
from typing import TYPE_CHECKING

from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterator


@lru_cache(maxsize=1)
def _pools() -> ThreadpoolController:
    """Return the thread pools of the libraries loaded by now, looked for once: engines load theirs when imported."""
    return ThreadpoolController()


@contextmanager
def quiet(heard: list[str]) -> Iterator[None]:
    """Silence what runs inside; append each distinct warning to `heard` as ``Category: message``.

    Linear-algebra threads are limited to one: on these small matrices more threads only wait for each other, and
    one thread keeps the results the same on every machine.
    """
    with (
        _pools().limit(limits=1),
        warnings.catch_warnings(record=True) as caught,
        redirect_stdout(StringIO()),
        redirect_stderr(StringIO()),
    ):
        warnings.simplefilter("always")
        try:
            yield
        finally:
            texts = (f"{w.category.__name__}: {' '.join(str(w.message).split())}" for w in caught)
            heard += [text for text in dict.fromkeys(texts) if text not in heard]
