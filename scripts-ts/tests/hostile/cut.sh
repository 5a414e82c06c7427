cut -f1,3 "$IN"; cut -c2-5 "$IN"
