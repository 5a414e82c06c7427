sh "$IN"
