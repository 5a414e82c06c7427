basename "$(head -c 1000 "$IN" | tr -d "\000")"
