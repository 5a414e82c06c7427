ss "$IN"; ss -a; ss -s
