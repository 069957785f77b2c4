"""A value or a refusal in four parts; no other exception, no hang, no memory without end."""

from __future__ import annotations

import resource
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dermshift.errors import DermshiftError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HANG = 60
"""Seconds after which reading a file of at most 2 MB hangs; it takes milliseconds."""
MOST_KILOBYTES = 700_000
"""Largest growth of the process over one round."""
LONGEST = 100_000
"""Characters of a refusal: a huge field may be shown once or twice, not ten thousand times."""


@contextmanager
def watched() -> Iterator[None]:
    """Stop a reader that hangs."""

    def stop(_signal: int, _frame: object) -> None:
        message = f"still reading after {HANG} seconds"
        raise TimeoutError(message)

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(HANG)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def survives(function: Callable[..., Any], *words: Any) -> Any:
    """Return what a reader returns, or None where it refuses as it should; anything else is a fault."""
    with watched():
        try:
            return function(*words)
        except DermshiftError as error:
            refusal = error
    assert refusal.problems
    for problem in refusal.problems:
        assert all(part.strip() for part in problem.as_dict().values()), problem
    assert len(str(refusal)) < LONGEST
    return None


@contextmanager
def bounded_memory() -> Iterator[None]:
    """Fail where the process grows by more than a file of a few kilobytes can explain."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < MOST_KILOBYTES, f"{grown} kB more than before"
