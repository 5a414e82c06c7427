whatis "$IN"
