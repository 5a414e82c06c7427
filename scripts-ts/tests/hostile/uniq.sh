uniq -c "$IN"
