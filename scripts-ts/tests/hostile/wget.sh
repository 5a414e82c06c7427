nc -l -N 4000 < "$IN" & sleep 0.2; wget -t 1 -O - localhost:4000; wget -t 1 -i "$IN" -q -O - localhost:4001; kill $! 2> /dev/null
