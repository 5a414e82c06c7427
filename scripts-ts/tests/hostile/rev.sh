rev "$IN"
