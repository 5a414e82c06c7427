halt < "$IN"
