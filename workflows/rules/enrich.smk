# One rule per fit: rotation tests and sign flips need the libraries of the fit.
for FIT in FITS:

    rule:
        name:
            f"enrich_{FITS.index(FIT) + 1}"
        input:
            INPUTS["enrich"],
            [f"{FOLDER}/tables/{question}.tsv" for question in FIT["questions"]],
            study=f"{FOLDER}/study.h5ad",
            fit=f"{FOLDER}/fits/{FIT['id']}.json",
        output:
            [f"{FOLDER}/tables/{question}.{kind}.tsv" for question in FIT["questions"] for kind in SET_KINDS],
        threads: workflow.cores if len(FITS) == 1 else 1
        params:
            folder=FOLDER,
            fit=FIT["id"],
            asks=FIT["asks"],
            flags=FLAGS["enrich"],
            code=CODE["enrich"],
        log:
            f"{LOGS}/enrich_{FITS.index(FIT) + 1}.log",
        message:
            f"test gene sets in {', '.join(FIT['questions'])}"
        shell:
            "{PYTHON:q} -m dermshift enrich --out={params.folder:q} --fit={params.fit:q} --threads={threads}"
            " {params.asks:q} {params.flags:q} >{log:q} 2>&1"


rule enriched:
    input:
        TABLES,
        INPUTS["enrich"],
        [f"{FOLDER}/tables/{question}.running.tsv" for question in QUESTIONS],
        f"{FOLDER}/designs.json",
    output:
        WHOLE_TABLES,
        f"{FOLDER}/enrichment.json",
    params:
        folder=FOLDER,
        flags=FLAGS["enrich"],
        code=CODE["enrich"],
    log:
        f"{LOGS}/enriched.log",
    message:
        "list the gene sets"
    shell:
        "{PYTHON:q} -m dermshift enriched --out={params.folder:q} {params.flags:q} >{log:q} 2>&1"
