head -c -5 "$IN"; head -n 3 "$IN"
