hostname; hostname -F "$IN"
