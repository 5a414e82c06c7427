timeout 60 cat "$IN"
