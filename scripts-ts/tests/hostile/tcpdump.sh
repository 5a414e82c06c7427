tcpdump -n -r "$IN"; tcpdump -n -w - -r "$IN"
