env time -p cat "$IN"
