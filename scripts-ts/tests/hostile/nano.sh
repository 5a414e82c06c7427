nano "$IN"
