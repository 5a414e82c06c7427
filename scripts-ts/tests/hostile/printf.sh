printf "$IN%s%d\n" "$IN" "$IN"
