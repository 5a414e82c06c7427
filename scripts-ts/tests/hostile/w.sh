w < "$IN"
