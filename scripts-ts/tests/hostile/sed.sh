sed "s/a*b/bb/g;/x/d;\$!N" "$IN"; sed -n "/[0-9]/{s/^/> /;l}" "$IN"
