mkdir -pv a/b/c "$IN/x"
