top -b -n 1 < "$IN"
