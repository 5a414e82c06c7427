pgrep -a .; pgrep "$(head -c 100 "$IN" | tr -d "\000")"
