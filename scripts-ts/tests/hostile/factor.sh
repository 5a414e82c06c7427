factor < "$IN"
