tty < "$IN"
