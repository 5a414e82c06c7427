column -t "$IN"; column "$IN"
