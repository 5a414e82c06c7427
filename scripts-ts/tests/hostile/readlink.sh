readlink -f "$IN"
