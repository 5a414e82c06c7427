sync "$IN"
