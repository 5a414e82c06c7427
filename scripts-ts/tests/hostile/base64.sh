base64 -d "$IN"; base64 "$IN"
