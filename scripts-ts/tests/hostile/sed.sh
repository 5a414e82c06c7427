sed "s/a/bb/g;/x/d;\$!N" "$IN"
