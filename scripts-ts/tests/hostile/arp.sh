arp "$IN"; arp -s "$IN" "$(head -c 100 "$IN" | tr -d "\\000")"; arp -a
