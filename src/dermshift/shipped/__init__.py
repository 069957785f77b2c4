"""What travels with the code in a wheel: the workflow and the example study.

In the repository the entries are symbolic links to ``workflows/``, ``config/`` and ``data/``, so there is one copy of
each; building a wheel puts the files themselves in their place.
"""

from __future__ import annotations

from pathlib import Path

SHIPPED = Path(__file__).parent
"""Folder with ``workflows/``, and with ``example/`` as `dermshift example` lays it."""
