route add "$(head -c 100 "$IN" | tr -d "\\000")"; route add default gw "$IN"; route
