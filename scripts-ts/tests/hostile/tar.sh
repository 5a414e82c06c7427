tar tf "$IN"; tar cf - "$IN"
