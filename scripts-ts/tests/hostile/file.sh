file "$IN" - < "$IN"
