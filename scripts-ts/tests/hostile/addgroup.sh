doas addgroup -- "$(head -c 200 "$IN")"
