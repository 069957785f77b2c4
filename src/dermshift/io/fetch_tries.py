"""Trying until a whole file is there, with growing waits."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from dermshift.io.fetch_job import PassingError
from dermshift.io.fetch_part import Part, Version

if TYPE_CHECKING:
    from pathlib import Path

    from dermshift.io.fetch_job import Job, Options
    from dermshift.io.fetch_kind import Kind


class Download:
    """What pooch calls to download a file: each try goes on where the last one stopped.

    Parameters
    ----------
    version
        After a call: what the server said of the file.
    """

    def __init__(self, job: Job, options: Options, kind: Kind) -> None:
        self.job, self.options, self.kind = job, options, kind
        self.version = Version(job.address)

    def __call__(self, _url: str, output_file: str | Path, _pooch: object) -> None:
        """Download to `output_file`.

        Raises
        ------
        FetchError
            No try brought the whole file; its beginning is kept where it can be continued.
        """
        part = Part(self.job.destination.with_name(f"{self.job.destination.name}.part"))
        for turn in range(1, self.options.tries + 1):
            try:
                self._try(part)
                break
            except PassingError as trouble:
                self._wait_or_refuse(str(trouble), turn, part)
        part.path.replace(output_file)
        part.drop()

    def _try(self, part: Part) -> None:
        from dermshift.io.fetch_http import receive

        self.version = receive(self.job, part, self.options, self.kind)
        if wrong := self.kind.damage(part.path):
            part.drop()
            raise PassingError(wrong)

    def _wait_or_refuse(self, trouble: str, turn: int, part: Part) -> None:
        tries = self.options.tries
        if turn < tries:
            delay = self.options.delay(turn)
            self.options.tell(f"{trouble}; trying again in {delay:g} s ({turn + 1} of {tries})")
            time.sleep(delay)
            return
        goes_on = f" (it goes on after {part.size} bytes)" if part.version(self.job.address) else ""
        found = f"{trouble}; {tries} tries"
        action = f"Check the network and try again later{goes_on}, or {self.job.by_hand}"
        raise self.job.refuse(found, "the whole file", action)
