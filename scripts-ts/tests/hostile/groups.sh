groups -- "$(head -c 200 "$IN")" < "$IN"
