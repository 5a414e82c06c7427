touch -r "$IN" a; touch -d "$(head -c 300 "$IN")" a
