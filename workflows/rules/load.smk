rule load:
    input:
        INPUTS["load"],
    output:
        LOADED,
    params:
        folder=FOLDER,
        flags=FLAGS["load"],
        code=CODE["load"],
    log:
        f"{LOGS}/load.log",
    message:
        "load and check the study"
    shell:
        "{PYTHON:q} -m dermshift load --out={params.folder:q} {params.flags:q} >{log:q} 2>&1"
