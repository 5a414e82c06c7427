realpath "$IN"
