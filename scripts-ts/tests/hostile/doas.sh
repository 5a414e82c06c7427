doas -C "$IN" true
