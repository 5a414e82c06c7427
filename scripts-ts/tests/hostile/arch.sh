arch; arch "$IN"
