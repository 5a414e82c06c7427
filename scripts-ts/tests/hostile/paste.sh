paste "$IN" "$IN"; paste -s "$IN"
