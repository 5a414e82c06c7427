ping -c 1 "$(head -c 100 "$IN" | tr -d "\\000")"; ping -c 1 "$IN"; ping -c 2 -i 0.1 localhost
