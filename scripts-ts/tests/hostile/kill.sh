kill -l; /bin/kill "$(head -c 100 "$IN" | tr -d "\000")"
