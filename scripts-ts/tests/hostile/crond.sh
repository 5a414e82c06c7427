crond < "$IN"
