"""The same question in several studies: what agrees, how far, and what these data cannot tell.

A study is discovery or replication before anything is run. Discovery estimates are exaggerated by having been chosen
(winner's curse), so they are compared with and never pooled.
"""

from __future__ import annotations

from dermshift.replication.board import Board, board
from dermshift.replication.results import Results

__all__ = ["Board", "Results", "board"]
