cp "$IN" a; truncate -s 10 a; truncate -s "$(head -c 100 "$IN" | tr -d "\000")" a
