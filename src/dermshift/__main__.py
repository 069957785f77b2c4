"""``python -m dermshift``."""

from __future__ import annotations

from dermshift.cli import main

if __name__ == "__main__":
    main()
