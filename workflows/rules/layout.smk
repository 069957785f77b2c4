# Where the files of one study go.
import re
from types import SimpleNamespace

SET_KINDS = ("sets", "running", "configured_sets")
OWN = ("README.txt", "verify.py")


def layout(values):
    """Return the names of a study's files, and the values its steps depend on."""
    folder, fits = values["folder"], values["fits"]
    questions = [question for fit in fits for question in fit["questions"]]
    evidence_kinds = [*(f"{kind}.tsv" for kind in values["evidence"]), "json"]
    S = SimpleNamespace(**values, questions=questions, evidence_kinds=evidence_kinds, logs=f"{folder}/logs")
    S.fit_threads = workflow.cores if len(config["studies"]) == len(fits) == 1 else 1
    # A rule's name is a word of Python; that of a study which runs alone is the name of its log, as profiles call it.
    S.key = "" if len(config["studies"]) == 1 else re.sub(r"\W", "_", f"_{values['name']}_{values['place']}")
    S.loaded = [f"{folder}/{name}" for name in values["loaded"]]
    S.tables = [f"{folder}/tables/{question}.tsv" for question in questions]
    S.fit_records = [f"{folder}/fits/{fit['id']}.json" for fit in fits]
    S.sets = [f"{folder}/tables/{question}.{kind}.tsv" for question in questions for kind in SET_KINDS]
    S.whole_tables = [f"{folder}/tables/{name}.tsv" for name in ("configured_genes", "set_symbols", "set_overlaps")]
    S.evidence = [f"{folder}/evidence/{question}.{kind}" for question in questions for kind in evidence_kinds]
    S.overall = [f"{folder}/evidence/{name}.tsv" for name in ("differences", "pair_identity", "scores")]
    S.judged = [*S.evidence, *S.overall, f"{folder}/dossier/index.json"]
    S.pages = [f"{folder}/{name}" for name in ("report.html", "methods.md", "references.bib")]
    S.packed = [f"{folder}/{name}" for name in (*OWN, "manifest.json", "ro-crate-metadata.json", "bundle.zip")]
    made = [*S.loaded, *S.tables, *S.fit_records, *S.sets, *S.judged, *S.whole_tables]
    S.results = [*made, f"{folder}/enrichment.json", f"{folder}/figures/index.json"]
    S.workbook = f"{folder}/tables.xlsx"
    S.targets = [*S.results, *S.pages, S.workbook, *S.packed]
    return S


def board_files(board):
    """Return the files of the board; its figures are known by their index."""
    names = [*(f"{name}.tsv" for name in board["tables"]), "board.json", "board.html", "figures/index.json"]
    return [f"{board['folder']}/{name}" for name in names]


def read_as(S, stage):
    """Return the sha256 of the user's files a stage reads: what is in them counts, not their dates, and so none is an input."""
    return [S.hashes[path] for path in S.inputs[stage]]


def step(S, title):
    """Return how a step is called in logs and on the terminal."""
    return f"{S.name}: {title}"
