# The studies of a table side by side, once each of them is done.
BOARD = config["board"]

if BOARD:

    rule board:
        input:
            [S.results for S in STUDIES],
        output:
            board_files(BOARD),
        group:
            travels("finish")
        resources:
            mem_mb=memory("board"),
            runtime=minutes("board"),
        params:
            folder=BOARD["folder"],
            step=f"{BOARD['name']}: lay the studies side by side",
            flags=BOARD["flags"],
            read=BOARD["read"],
            code=BOARD["code"],
        log:
            f"{BOARD['folder']}/logs/board.log",
        message:
            f"{BOARD['name']}: lay the studies side by side"
        shell:
            "DERMSHIFT_STEP={params.step:q} {PYTHON:q} -m dermshift board --out={params.folder:q} {params.flags:q} >{log:q} 2>&1"
