gunzip -c "$IN"
