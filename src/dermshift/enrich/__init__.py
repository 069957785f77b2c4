"""Enrichment: do the genes of a set move together. Every method is listed here by hand."""

from __future__ import annotations

from dermshift.enrich import competitive, flip_scores, flips, overlap, prerank, rotation, set_score
from dermshift.enrich.asked import Asked, Method, SetOptions
from dermshift.enrich.base import MethodMeta

METHODS: tuple[Method, ...] = (
    rotation.METHOD,
    competitive.METHOD,
    flips.METHOD,
    flip_scores.METHOD,
    prerank.METHOD,
    overlap.METHOD,
    *set_score.METHODS,
)
"""Every method there is, in the order they are shown: those that hold their level first."""

__all__ = ["METHODS", "Asked", "Method", "MethodMeta", "SetOptions"]
