su root < "$IN"
