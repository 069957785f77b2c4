from __future__ import annotations

from dermshift.workflow.progress import Progress

LINES = """
Job stats:
total 3
[Sun Nov 22 14:14:41 2026]
Job 2: test response
Reason: Missing output files
Finished jobid: 2 (Rule: test_1)
Job 0: all of it
Error in rule plot:
Error in rule plot:
""".splitlines()


def test_snakemake_is_reduced_to_steps():
    progress = Progress()
    shown = [text for place, line in enumerate(LINES) if (text := progress.line(line, float(place)))]
    assert progress.total == 2
    assert progress.done == 1
    assert shown[0].strip() == "test response ..."
    assert shown[1].split() == ["1/2", "test", "response", "(2", "s)"]
    assert progress.failed == ["plot"]


def test_an_unknown_job_is_not_counted():
    progress = Progress()
    assert progress.line("Finished jobid: 7 (Rule: all)", 0.0) == ""
    assert progress.done == 0
