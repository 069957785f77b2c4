"""A bar on a terminal for what takes more than two seconds."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")
PATIENCE = 2


@contextmanager
def shown(total: int | None, title: str, stream: TextIO, unit: str = "values") -> Iterator[Callable[[int], object]]:
    """Yield a function that is told of every step; nothing is drawn where `stream` is no terminal."""
    if not stream.isatty():
        yield lambda step: step
        return
    from tqdm import tqdm

    bar = tqdm(total=total, desc=title, unit=f" {unit}", unit_scale=True, delay=PATIENCE, file=stream, leave=False)
    with bar:
        yield bar.update


def watched(items: Iterable[T], total: int | None, title: str, unit: str) -> Iterator[T]:
    """Yield the items while a bar on standard error counts them."""
    with shown(total, title, sys.stderr, unit) as advance:
        for item in items:
            yield item
            advance(1)
