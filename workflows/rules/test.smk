# One rule per fit: a fit serves every question that shares its model, and fits run side by side.
for FIT in FITS:

    rule:
        name:
            f"test_{FITS.index(FIT) + 1}"
        input:
            INPUTS["test"],
            study=f"{FOLDER}/study.h5ad",
        output:
            [f"{FOLDER}/tables/{question}.tsv" for question in FIT["questions"]],
            f"{FOLDER}/fits/{FIT['id']}.json",
        threads: workflow.cores if len(FITS) == 1 else 1
        params:
            folder=FOLDER,
            fit=FIT["id"],
            asks=FIT["asks"],
            flags=FLAGS["test"],
            code=CODE["test"],
        log:
            f"{LOGS}/test_{FITS.index(FIT) + 1}.log",
        message:
            f"test {', '.join(FIT['questions'])}"
        shell:
            "{PYTHON:q} -m dermshift test --out={params.folder:q} --fit={params.fit:q} --threads={threads}"
            " {params.asks:q} {params.flags:q} >{log:q} 2>&1"
