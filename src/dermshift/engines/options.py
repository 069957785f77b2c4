"""Choices of a fit that exclude each other, and choices an engine does not know."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from dermshift.engines.base import ALWAYS_TAKEN, EngineOptions
from dermshift.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dermshift.engines.base import Alternative, EngineMeta, Test


def need_options(meta: EngineMeta, options: EngineOptions) -> None:
    """Refuse options an engine does not read, and tests that do not go together.

    Raises
    ------
    ConfigError
        With every such option, naming the engines that read it.
    """
    from dermshift.engines import ENGINES  # the list imports the engines, and they import this

    where = f"options of engine '{meta.name}'"
    problems = _not_taken(meta, options, where, [engine.meta for engine in ENGINES])
    problems += _test_problems(options.test, options.lfc_threshold, options.alternative, where)
    if problems:
        raise ConfigError(*problems)


def _not_taken(meta: EngineMeta, options: EngineOptions, where: str, engines: Sequence[EngineMeta]) -> list[Problem]:
    problems = []
    for field in fields(EngineOptions):
        value = getattr(options, field.name)
        if value == field.default or field.name in (*ALWAYS_TAKEN, *meta.takes):
            continue
        takers = " and ".join(f"'{one.name}' (scale {one.scale})" for one in engines if field.name in one.takes)
        problems.append(
            Problem(
                where=f"{where}: {field.name}",
                found=f"{field.name}: {_word(value)}",
                expected=f"one of the options '{meta.name}' reads: {', '.join(meta.takes)}",
                action=f"Leave {field.name} at {_word(field.default)}; it is read by {takers}.",
            )
        )
    return problems


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def need_one_test(test: Test, threshold: float, claim: Alternative, where: str) -> None:
    """Refuse a test, a threshold and a claim that do not go together.

    Raises
    ------
    ConfigError
        A threshold or another claim with the likelihood-ratio test, which compares with no change only; a claim that
        the change is smaller than a threshold of zero; a negative threshold.
    """
    problems = _test_problems(test, threshold, claim, where)
    if problems:
        raise ConfigError(*problems)


def _test_problems(test: Test, threshold: float, claim: Alternative, where: str) -> list[Problem]:
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
    return problems
