ts "$IN"; ts - < "$IN"
