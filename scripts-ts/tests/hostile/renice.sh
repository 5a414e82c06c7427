renice 5 "$(head -c 100 "$IN" | tr -d "\000")"
