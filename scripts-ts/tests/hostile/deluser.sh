doas deluser -- "$(head -c 200 "$IN")" < "$IN"
