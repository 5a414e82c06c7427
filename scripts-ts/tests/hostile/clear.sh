clear; clear "$IN"
