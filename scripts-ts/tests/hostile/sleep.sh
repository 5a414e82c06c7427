sleep "$(head -c 100 "$IN" | tr -d "\000")x"
