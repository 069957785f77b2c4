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
    failed
        Steps that ended with an error, by the name of their rule.
    planned
        Titles in the order Snakemake named them.
    total
        Steps of this run; 0 while unknown or when there is nothing to do.
    """

    total: int = 0
    done: int = 0
    running: dict[str, tuple[str, float]] = field(default_factory=dict)
    planned: list[str] = field(default_factory=list)
    failed: dict[str, Step] = field(default_factory=dict)
    finished: str = ""
    _failing: str = ""

    def line(self, text: str, now: float) -> str:
        """Return what to print for a line of Snakemake at time `now` in seconds, "" for nothing.

        After a line that says that a step is done, `finished` is its title; after any other it is empty.
        """
        text, self.finished = text.strip(), ""
        if match := TOTAL.fullmatch(text):
            self.total = int(match[1]) - 1  # the target rule is no step of ours
        elif match := STARTED.fullmatch(text):
            self.running[match[1]] = (match[2], now)
            self.planned.append(match[2])
            return f"        {match[2]} ..."
        elif match := FINISHED.match(text):
            return self._done(match[1], now)
        elif match := FAILED.fullmatch(text):
            return self._fails(match[1])
        elif self._failing:
            return self._told(text)
        return ""

    def _done(self, job: str, now: float) -> str:
        if job not in self.running:
            return ""
        self.finished, start = self.running.pop(job)
        self.done += 1
        return f"  {self.done}/{self.total}   {self.finished} ({now - start:.0f} s)"

    def _fails(self, rule: str) -> str:
        if rule not in self.failed:
            self.failed[rule], self._failing = Step(rule), rule
        return ""

    def _told(self, text: str) -> str:
        """Take job number and log of the failing step from the lines that follow the word that it failed."""
        rule = self._failing
        if (match := NUMBER.fullmatch(text)) and match[1] in self.running:
            self.failed[rule] = Step(self.running.pop(match[1])[0])
            return f"  FAIL  {self.failed[rule].title}"
        if match := LOG.fullmatch(text):
            self.failed[rule] = Step(self.failed[rule].title, match[1])
            self._failing = ""
        return ""
