fmt "$IN"
