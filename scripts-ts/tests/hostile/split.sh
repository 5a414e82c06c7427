split -n 3 "$IN" /tmp/split.; rm -f /tmp/split.*
