strace cat "$IN" 2>&1
