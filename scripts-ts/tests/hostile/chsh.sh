chsh < "$IN"
