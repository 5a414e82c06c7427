yes "$IN" | head -n 100000
