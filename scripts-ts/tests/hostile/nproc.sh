nproc; nproc "$IN"
