doas shutdown -- "$(head -c 200 "$IN")"
