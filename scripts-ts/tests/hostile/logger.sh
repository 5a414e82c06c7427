head -n 20 "$IN" | logger
