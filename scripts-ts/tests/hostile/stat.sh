stat "$IN"; stat -c "$(head -c 1000 "$IN" | tr -d "\000")" "$IN"
