cal 2035; cal "$(head -c 100 "$IN" | tr -d "\000")"
