traceroute "$(head -c 100 "$IN" | tr -d "\\000")"; traceroute -q 1 localhost "$IN"; traceroute -q 1 localhost
