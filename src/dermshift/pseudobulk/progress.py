"""A bar on a terminal for what takes more than two seconds."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 2


@contextmanager
def shown(total: int, title: str, stream: TextIO) -> Iterator[Callable[[int], object]]:
    """Yield a function that is told of every step; nothing is drawn where `stream` is no terminal."""
    if not stream.isatty():
        yield lambda step: step
        return
    from tqdm import tqdm

    with tqdm(
        total=total, desc=title, unit=" values", unit_scale=True, delay=PATIENCE, file=stream, leave=False
    ) as bar:
        yield bar.update
