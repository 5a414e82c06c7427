poweroff < "$IN"
