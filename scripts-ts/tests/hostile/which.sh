which -a ls cat "$(head -c 100 "$IN" | tr -d "\000")"
