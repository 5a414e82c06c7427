env A="$(head -c 1000 "$IN" | tr -d "\000")" env
