for S in STUDIES:

    rule:
        name:
            f"load{S.key}"
        output:
            S.loaded,
        resources:
            mem_mb=memory("load"),
            runtime=minutes("load"),
        params:
            folder=S.folder,
            step=step(S, "load and check the study"),
            flags=S.flags["load"],
            read=read_as(S, "load"),
            code=S.code["load"],
        log:
            f"{S.logs}/load.log",
        message:
            step(S, "load and check the study")
        shell:
            "DERMSHIFT_STEP={params.step:q} {PYTHON:q} -m dermshift load --out={params.folder:q} {params.flags:q} >{log:q} 2>&1"
