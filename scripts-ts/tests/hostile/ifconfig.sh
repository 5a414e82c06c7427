ifconfig "$(head -c 100 "$IN" | tr -d "\\000")"; ifconfig lo "$IN"; ifconfig
