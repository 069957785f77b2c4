"""Choices of a fit that exclude each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.errors import ConfigError, Problem

if TYPE_CHECKING:
    from dermshift.engines.base import Alternative, Test


def need_one_test(test: Test, threshold: float, claim: Alternative, where: str) -> None:
    """Refuse a test, a threshold and a claim that do not go together.

    Raises
    ------
    ConfigError
        A threshold or another claim with the likelihood-ratio test, which compares with no change only; a claim that
        the change is smaller than a threshold of zero; a negative threshold.
    """
    problems = []
    if test == "lrt" and (threshold != 0 or claim != "greaterAbs"):
        found = f"test: lrt with lfc_threshold: {threshold:g} and alternative: {claim}"
        action = "Use test: wald for thresholds, or leave lfc_threshold and alternative out."
        problems.append(Problem(f"{where}.test", found, "a likelihood-ratio test against no change", action))
    if threshold < 0:
        expected = "a log2 fold change of 0 or more; alternative: less turns the direction"
        action = "Give the size of the change without its sign."
        problems.append(Problem(f"{where}.lfc_threshold", f"{threshold:g}", expected, action))
    if claim == "lessAbs" and threshold == 0:
        found = "lessAbs with lfc_threshold: 0"
        action = "Set lfc_threshold to the change that would still count as none, e.g. 0.5."
        problems.append(Problem(f"{where}.alternative", found, "a threshold above zero", action))
    if problems:
        raise ConfigError(*problems)
