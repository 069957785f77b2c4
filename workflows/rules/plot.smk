rule plot:
    input:
        TABLES,
        SETS,
        WHOLE_TABLES,
        JUDGED,
        FIT_RECORDS,
        f"{FOLDER}/enrichment.json",
        INPUTS["plot"],
        f"{FOLDER}/study.h5ad",
        f"{FOLDER}/designs.json",
    output:
        f"{FOLDER}/figures/index.json",
    params:
        folder=FOLDER,
        flags=FLAGS["plot"],
        code=CODE["plot"],
    log:
        f"{LOGS}/plot.log",
    message:
        "draw the figures"
    threads: workflow.cores
    shell:
        "{PYTHON:q} -m dermshift plot --out={params.folder:q} --processes={threads} {params.flags:q} >{log:q} 2>&1"
