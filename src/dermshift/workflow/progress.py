"""Snakemake's output, reduced to one line per step."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

STARTED = re.compile(r"Job (\d+): (.+)")
FINISHED = re.compile(r"Finished jobid: (\d+)")
TOTAL = re.compile(r"total\s+(\d+)")
FAILED = re.compile(r"Error in rule (\S+):")


@dataclass
class Progress:
    """State of a run; feed it lines, print what it returns.

    Parameters
    ----------
    failed
        Rules that ended with an error.
    total
        Steps of this run; 0 while unknown or when there is nothing to do.
    """

    total: int = 0
    done: int = 0
    running: dict[str, tuple[str, float]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def line(self, text: str, now: float) -> str:
        """Return what to print for a line of Snakemake at time `now` in seconds, "" for nothing."""
        text = text.strip()
        if match := TOTAL.fullmatch(text):
            self.total = int(match[1]) - 1  # the target rule is no step of ours
        elif match := STARTED.fullmatch(text):
            self.running[match[1]] = (match[2], now)
            return f"        {match[2]} ..."
        elif match := FINISHED.match(text):
            return self._finished(match[1], now)
        elif (match := FAILED.fullmatch(text)) and match[1] not in self.failed:
            self.failed.append(match[1])
            return f"  FAIL  {match[1]}"
        return ""

    def _finished(self, job: str, now: float) -> str:
        if job not in self.running:
            return ""
        title, start = self.running.pop(job)
        self.done += 1
        return f"  {self.done}/{self.total}   {title} ({now - start:.0f} s)"
