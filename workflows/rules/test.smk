# One rule per fit: a fit serves every question that shares its model, and fits run side by side.
for S in STUDIES:
    for place, FIT in enumerate(S.fits, 1):

        rule:
            name:
                f"test{S.key}_{place}"
            priority: 20
            input:
                study=f"{S.folder}/study.h5ad",
            output:
                [f"{S.folder}/tables/{question}.tsv" for question in FIT["questions"]],
                f"{S.folder}/fits/{FIT['id']}.json",
            threads: S.fit_threads
            group:
                travels("fit")
            resources:
                mem_mb=memory("test"),
                runtime=minutes("test"),
            params:
                folder=S.folder,
                step=step(S, f"test {', '.join(FIT['questions'])}"),
                fit=FIT["id"],
                asks=FIT["asks"],
                flags=S.flags["test"],
                read=read_as(S, "test"),
                code=S.code["test"],
            log:
                f"{S.logs}/test_{place}.log",
            message:
                step(S, f"test {', '.join(FIT['questions'])}")
            shell:
                "DERMSHIFT_STEP={params.step:q} {PYTHON:q} -m dermshift test --out={params.folder:q} --fit={params.fit:q}"
                " --threads={threads} {params.asks:q} {params.flags:q} >{log:q} 2>&1"
