"""What a download is asked to do, and the two ways it can fail: worth another try, or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dermshift.errors import FetchError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LONGEST_WAIT = 60.0


class AbsentError(FetchError):
    """The server has no such file."""


class PassingError(Exception):
    """A trouble that may pass, in words."""


def silent(line: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Options:
    """How patient a download is and what it may do.

    Parameters
    ----------
    tries
        Requests of one file before giving up.
    wait
        Seconds before the second try; doubled before each further one, up to a minute.
    timeout
        Seconds to wait for a connection, and for the next bytes.
    refresh
        Fetch again what is there, and accept another content than the recorded one.
    offline
        Use no network.
    progress
        Draw a progress bar on standard error.
    tell
        Receives a line about each new try.
    """

    tries: int = 5
    wait: float = 1.0
    timeout: float = 30.0
    refresh: bool = False
    offline: bool = False
    progress: bool = False
    tell: Callable[[str], None] = silent

    def delay(self, turn: int) -> float:
        """Return the seconds to wait after try number `turn` (from 1)."""
        return float(min(self.wait * 2 ** min(turn - 1, 20), LONGEST_WAIT))


@dataclass(frozen=True)
class Job:
    """One file: where it comes from and where it goes."""

    address: str
    destination: Path

    @property
    def by_hand(self) -> str:
        """How to do without this program's network."""
        return f"download that address elsewhere and save it as {self.destination}"

    def problem(self, found: str, expected: str, action: str) -> Problem:
        """Return a problem with this address."""
        return Problem(self.address, found, expected, action)

    def refuse(self, found: str, expected: str, action: str) -> FetchError:
        """Return the error of one problem with this address."""
        return FetchError(self.problem(found, expected, action))

    def unwritable(self, error: OSError) -> FetchError:
        """Return the error of a folder that takes no file."""
        action = "Make room or mend its permissions, or name another cache in the environment: DERMSHIFT_CACHE=FOLDER."
        found = error.strerror or str(error)
        return FetchError(Problem(str(self.destination.parent), found, "a folder to write in, with room", action))
