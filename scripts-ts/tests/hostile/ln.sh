ln -sv "$IN" l; ln -sv "$(head -c 300 "$IN" | tr -d "\000")" m
