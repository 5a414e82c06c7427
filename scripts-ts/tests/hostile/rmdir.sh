mkdir -p a/b; rmdir -pv a/b "$IN"
