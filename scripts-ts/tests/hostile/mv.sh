cp "$IN" a && mv -v a b
