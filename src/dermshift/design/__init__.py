"""From a sample sheet and a question to a full-rank paired model."""

from __future__ import annotations

from dermshift.design.card import design_card
from dermshift.design.libraries import library_values
from dermshift.design.plan import plan
from dermshift.design.question import Ask, Question
from dermshift.design.tested import tested_genes

__all__ = ["Ask", "Question", "design_card", "library_values", "plan", "tested_genes"]
