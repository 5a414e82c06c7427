doas passwd root < "$IN"
