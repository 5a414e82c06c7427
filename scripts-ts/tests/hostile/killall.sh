killall -v "$(head -c 100 "$IN" | tr -d "\000")"
