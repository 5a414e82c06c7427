less "$IN"
