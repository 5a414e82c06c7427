doas delgroup -- "$(head -c 200 "$IN")"
