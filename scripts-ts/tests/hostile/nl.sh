nl -ba "$IN"
