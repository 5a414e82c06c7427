install -v "$IN" a
