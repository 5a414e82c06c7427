/bin/false "$IN" < "$IN"
