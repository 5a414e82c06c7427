whoami < "$IN"
