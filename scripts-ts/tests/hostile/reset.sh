reset < "$IN"
