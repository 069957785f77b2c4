rule report:
    input:
        RESULTS,
    output:
        f"{FOLDER}/report.html",
        f"{FOLDER}/methods.md",
        f"{FOLDER}/references.bib",
    params:
        folder=FOLDER,
        flags=FLAGS["report"],
        code=CODE["report"],
    log:
        f"{LOGS}/report.log",
    message:
        "write the report"
    shell:
        "{PYTHON:q} -m dermshift report --out={params.folder:q} {params.flags:q} >{log:q} 2>&1"
