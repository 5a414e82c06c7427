test -s "$IN"
