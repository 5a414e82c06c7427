doas login < "$IN"
