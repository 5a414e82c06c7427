apropos "$IN"
