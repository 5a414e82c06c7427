snapshot save "$(head -c 200 "$IN")"; snapshot rm "$IN"
