doas usermod -c "$(head -c 200 "$IN")" player
