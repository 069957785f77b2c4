from __future__ import annotations

from dermshift.workflow.progress import Progress, Step

LINES = """
Job stats:
total 4
[Sun Nov 22 14:14:41 2026]
Job 2: trial: test response
Reason: Missing output files
Job 3: trial: draw the figures
Finished jobid: 2 (Rule: test_trial_1_1)
Job 0: all of it
Error in rule plot_trial_1:
    message: trial: draw the figures
    jobid: 3
    input: results/trial/study.h5ad
    log: results/trial/logs/plot.log (check log file(s) for error details)
Error in rule plot_trial_1:
    jobid: 3
""".splitlines()


def test_snakemake_is_reduced_to_steps():
    progress = Progress()
    shown = [text for place, line in enumerate(LINES) if (text := progress.line(line, float(place)))]
    assert progress.total == 3
    assert progress.done == 1
    assert shown[0].strip() == "trial: test response ..."
    assert shown[2].split() == ["1/3", "trial:", "test", "response", "(3", "s)"]
    assert shown[-1] == "  FAIL  trial: draw the figures"
    assert progress.planned == ["trial: test response", "trial: draw the figures", "all of it"]
    assert progress.failed == [Step("trial: draw the figures", "results/trial/logs/plot.log")]
    assert progress.failed[0].study == "trial"


def test_a_finished_step_is_named_with_its_line_only():
    progress = Progress()
    titles = [(progress.line(line, 0.0), progress.finished)[1] for line in LINES]
    assert [title for title in titles if title] == ["trial: test response"]


def test_an_unknown_job_is_not_counted():
    progress = Progress()
    assert progress.line("Finished jobid: 7 (Rule: all)", 0.0) == ""
    assert progress.done == 0
