mktemp -p .; mktemp "$(head -c 100 "$IN" | tr -d "\000")XXX"
