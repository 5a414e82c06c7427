date -f "$IN"
