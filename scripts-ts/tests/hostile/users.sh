users < "$IN"
