/bin/echo "$(head -c 100000 "$IN")"
