last -f "$IN"
