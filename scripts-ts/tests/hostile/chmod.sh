cp "$IN" a; chmod -v 600 a; chmod "$(head -c 100 "$IN" | tr -d "\000")" a
