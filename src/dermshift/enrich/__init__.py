"""Enrichment: do the genes of a set move together. Every method is listed here by hand."""

from __future__ import annotations

from dermshift.enrich import overlap as _overlap
from dermshift.enrich import prerank as _prerank
from dermshift.enrich.base import MethodMeta

METHODS: tuple[MethodMeta, ...] = (_prerank.META, _overlap.META)
"""Every method there is, in the order they are shown."""

prerank = _prerank.prerank
overlap = _overlap.overlap

__all__ = ["METHODS", "MethodMeta", "overlap", "prerank"]
