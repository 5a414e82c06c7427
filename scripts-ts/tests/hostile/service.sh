service log "$(head -c 200 "$IN")" < "$IN"
