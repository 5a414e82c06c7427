tree /usr "$IN"
