timeout 2 watch -n 1 cat "$IN"
