ip addr add "$(head -c 100 "$IN" | tr -d "\\000")" dev lo; ip route get "$IN"; ip addr
