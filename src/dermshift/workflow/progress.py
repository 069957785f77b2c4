"""Snakemake's output, reduced to one line per step."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

STARTED = re.compile(r"Job (\d+): (.+)")
FINISHED = re.compile(r"Finished jobid: (\d+)")
TOTAL = re.compile(r"total\s+(\d+)")
FAILED = re.compile(r"Error in rule (\S+):")
NUMBER = re.compile(r"jobid: (\d+)")
LOG = re.compile(r"log: (.+?)( \(check log file\(s\) for error details\))?")


@dataclass(frozen=True)
class Step:
    """One step: its title with the study in front, and its log once it is known."""

    title: str
    log: str = ""

    @property
    def study(self) -> str:
        """The study it belongs to."""
        return self.title.partition(": ")[0]


@dataclass
class Progress:
    """State of a run; feed it lines, print what it returns.

    Parameters
    ----------
    total
        Steps of this run; 0 while unknown or when there is nothing to do.
    started
        Title and time of each step, by the number of its job, in the order Snakemake named them.
    failures
        Steps that ended with an error, by job; one that succeeds when tried again is taken out.
    finished
        Title of the step that the last line said was done, else empty.
    """

    total: int = 0
    done: int = 0
    started: dict[str, tuple[str, float]] = field(default_factory=dict)
    failures: dict[str, Step] = field(default_factory=dict)
    finished: str = ""
    _failing: str | None = None

    @property
    def failed(self) -> list[Step]:
        """Steps that failed for good."""
        return list(self.failures.values())

    @property
    def planned(self) -> list[str]:
        """Titles in the order Snakemake named them."""
        return [title for title, _ in self.started.values()]

    def line(self, text: str, now: float) -> str:
        """Return what to print for a line of Snakemake at time `now` in seconds, "" for nothing."""
        text, self.finished = text.strip(), ""
        if match := TOTAL.fullmatch(text):
            self.total = int(match[1]) - 1  # the target rule is no step of ours
        elif match := STARTED.fullmatch(text):
            self.started[match[1]] = (match[2], now)
            return f"        {match[2]} ..."
        elif match := FINISHED.match(text):
            return self._done(match[1], now)
        elif FAILED.fullmatch(text):
            self._failing = ""
        elif self._failing is not None:
            return self._told(text)
        return ""

    def _done(self, job: str, now: float) -> str:
        self.failures.pop(job, None)
        if job not in self.started:
            return ""
        self.finished, start = self.started[job]
        self.done += 1
        return f"  {self.done}/{self.total}   {self.finished} ({now - start:.0f} s)"

    def _told(self, text: str) -> str:
        """Take job and log of the failing step from the lines that follow the word that it failed."""
        if (match := NUMBER.fullmatch(text)) and match[1] in self.started:
            self._failing, known = match[1], match[1] in self.failures
            self.failures.setdefault(match[1], Step(self.started[match[1]][0]))
            return "" if known else f"  FAIL  {self.started[match[1]][0]}"
        if (match := LOG.fullmatch(text)) and self._failing:
            self.failures[self._failing] = Step(self.failures[self._failing].title, match[1])
            self._failing = None
        return ""
