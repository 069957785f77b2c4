"""Synthetic paired studies with a known answer, for trials and tests.

Everything that belongs to one tissue, drug or gene (panels, planted changes, levels, traps) is read from tables; the
code knows only how counts of a paired before/after study come about. A third timepoint and log2 intensities are not
made yet.
"""

from __future__ import annotations

from dermshift.simulate.settings import Settings
from dermshift.simulate.study import Simulated, simulate
from dermshift.simulate.write import read_truth, render, write_example

__all__ = ["Settings", "Simulated", "read_truth", "render", "simulate", "write_example"]
