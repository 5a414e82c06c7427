nc -l -N 4000 < "$IN" & sleep 0.2; curl -sS localhost:4000; curl -sS -d @"$IN" localhost:4001; curl -sS -H "$(head -c 200 "$IN" | tr -d "\\000")" localhost:4001; kill $! 2> /dev/null
