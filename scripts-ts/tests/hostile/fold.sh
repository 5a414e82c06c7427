fold -s -w 20 "$IN"
