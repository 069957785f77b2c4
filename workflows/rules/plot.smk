for S in STUDIES:

    rule:
        name:
            f"plot{S.key}"
        priority: 3
        input:
            S.tables,
            S.sets,
            S.whole_tables,
            S.judged,
            S.fit_records,
            f"{S.folder}/enrichment.json",
            f"{S.folder}/study.h5ad",
            f"{S.folder}/designs.json",
        output:
            f"{S.folder}/figures/index.json",
        group:
            travels("finish")
        resources:
            mem_mb=memory("plot", each_process=True),
            runtime=minutes("plot"),
        params:
            folder=S.folder,
            step=step(S, "draw the figures"),
            flags=S.flags["plot"],
            read=read_as(S, "plot"),
            code=S.code["plot"],
        log:
            f"{S.logs}/plot.log",
        message:
            step(S, "draw the figures")
        threads: workflow.cores if len(STUDIES) == 1 else 1
        shell:
            "DERMSHIFT_STEP={params.step:q} {PYTHON:q} -m dermshift plot --out={params.folder:q} --processes={threads}"
            " {params.flags:q} >{log:q} 2>&1"
