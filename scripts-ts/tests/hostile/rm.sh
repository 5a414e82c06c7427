cp "$IN" a && rm -v a
