stty -a < "$IN"; stty "$(head -c 100 "$IN" | tr -d "\000")"
