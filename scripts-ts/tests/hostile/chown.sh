cp "$IN" a; chown -v "$(id -un)" a; chown "$(head -c 100 "$IN" | tr -d "\000")" a
