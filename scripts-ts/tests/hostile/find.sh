find "$IN" -ls; find /bin -name "$(head -c 100 "$IN" | tr -d "\000")" -o -printf "%p %s\n"
