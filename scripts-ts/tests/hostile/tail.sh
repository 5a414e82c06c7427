tail -n 3 "$IN"; tail -c +9 "$IN"
