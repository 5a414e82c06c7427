ps -ef; ps -o "$(head -c 100 "$IN" | tr -d "\000")"
