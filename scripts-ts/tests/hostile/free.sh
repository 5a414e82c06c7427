free -h; free -c "$(head -c 100 "$IN" | tr -d "\000")"
