cat -A "$IN"
