scan "$(head -c 100 "$IN" | tr -d "\\000")"; scan -p "$(head -c 100 "$IN" | tr -d "\\000")" localhost; scan -p 1-20 localhost
