"""One check per function; every check runs, every problem is reported."""

from dermshift.checks.finding import Finding

__all__ = ["Finding"]
