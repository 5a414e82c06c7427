strings -t x "$IN"
