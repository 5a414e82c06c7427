xxd -r "$IN"; xxd -l 100000 "$IN"
