doas eject "$IN"; doas eject -v "$(head -c 100 "$IN" | tr -d "\000")"; doas eject; doas eject -t
