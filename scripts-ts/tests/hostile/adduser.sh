doas adduser hostile < "$IN"
