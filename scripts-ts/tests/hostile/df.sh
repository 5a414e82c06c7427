df "$IN"
