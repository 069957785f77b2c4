"""What every file of a study was when it was made: so that loss, damage and a clock set back are noticed and mended.

Snakemake goes by dates. A file that was cut short, or one made while the clock stood wrong, would pass for good.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from dermshift.io.atomic import sha256, write_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dermshift.workflow.locks import Place

LOGS = "logs"
LISTED = ("figures", "dossier")
"""Folders of which Snakemake knows the index alone; a file that is lost there is made again with its index."""

Seal = tuple[int, int, str]
"""Size in bytes, date in nanoseconds, sha256."""


class Seals:
    """The seals of one study, kept in a file beside its results.

    Parameters
    ----------
    folder
        Results of the study.
    path
        Where the seals are kept.
    """

    def __init__(self, folder: Path, path: Path) -> None:
        self.folder, self.path = folder, path
        self.known: dict[str, Seal] = _read(path)

    @classmethod
    def of(cls, place: Place) -> Seals:
        """Return the seals of the study at a place."""
        return cls(place.folder, place.kept("seals.json"))

    def damaged(self) -> list[str]:
        """Return files that are not what they were when they were made, or are gone, by their name in the folder."""
        return sorted(name for name, seal in self.known.items() if not _same(self.folder / name, seal))

    def mend(self) -> list[str]:
        """Remove damaged files, so that they are made again, and forget them; return their names."""
        lost = self.damaged()
        for name in lost:
            room = name.split("/", maxsplit=1)[0]
            (self.folder / name).unlink(missing_ok=True)
            self.known.pop(name, None)
            if room in LISTED:
                (self.folder / room / "index.json").unlink(missing_ok=True)
                self.known.pop(f"{room}/index.json", None)
        if lost:
            self._write()
        return lost

    def past(self) -> bool:
        """Move the dates of all files back, in their order, where one lies ahead of the clock; tell whether one did.

        The clock was set back: what is made now would look older than what it is made of, which Snakemake refuses.
        """
        found = dict(_files(self.folder))
        ahead = max((date for _, date in found.values()), default=0) - time.time_ns()
        if ahead <= 0:
            return False
        for name, (_, date) in found.items():
            os.utime(self.folder / name, ns=(date - ahead, date - ahead))
            if name in self.known:
                size, _, digest = self.known[name]
                self.known[name] = (size, date - ahead, digest)
        self._write()
        return True

    def seal(self) -> list[Path]:
        """Seal every file that is new or was made again, dated after all that was sealed before; return them.

        Files appear whole or not at all, so what is there is good. A file that is new must not look older than what
        is made of it, whatever the clock says.
        """
        before = dict(self.known)
        newest = max((date for _, date, _ in before.values()), default=0)
        found = dict(_files(self.folder))
        for name, (size, date) in found.items():
            if before.get(name, ())[:2] != (size, date) and (seal := _seal(self.folder / name, newest)):
                self.known[name] = seal
        self.known = {name: seal for name, seal in self.known.items() if name in found}
        if self.known != before:
            self._write()
        return [self.folder / name for name, seal in self.known.items() if before.get(name) != seal]

    def _write(self) -> None:
        write_bytes(json.dumps(self.known, indent=0, sort_keys=True).encode(), self.path)


def _read(path: Path) -> dict[str, Seal]:
    """Return what is kept; nothing where the file itself is lost or damaged: what is there is sealed anew then."""
    try:
        return {name: (size, date, digest) for name, (size, date, digest) in json.loads(path.read_bytes()).items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _files(folder: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield name, size and date of every file but logs and those that are being written."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        # A step that runs beside may replace or remove what was listed a moment ago.
        with suppress(FileNotFoundError):
            if not path.name.startswith(".") and not name.startswith(f"{LOGS}/") and path.is_file():
                found = path.stat()
                yield name, (found.st_size, found.st_mtime_ns)


def _seal(path: Path, newest: int) -> Seal | None:
    """Return the seal of a file, dated `newest` at least; None where a step replaced it meanwhile, which seals it."""
    try:
        if path.stat().st_mtime_ns < newest:
            os.utime(path, ns=(newest, newest))
        before, digest, after = path.stat(), sha256(path), path.stat()
    except FileNotFoundError:
        return None
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        return None
    return after.st_size, after.st_mtime_ns, digest


def _same(path: Path, seal: Seal) -> bool:
    """Tell whether a file is what was sealed; its date alone may differ."""
    if not path.is_file():
        return False
    found = path.stat()
    if found.st_size != seal[0]:
        return False
    return found.st_mtime_ns == seal[1] or sha256(path) == seal[2]
