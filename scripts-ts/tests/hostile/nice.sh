nice cat "$IN"
