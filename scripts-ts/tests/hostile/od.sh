od -N 300000 -c "$IN"
