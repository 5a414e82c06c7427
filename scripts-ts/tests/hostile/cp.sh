cp "$IN" copy && cp -v "$IN" copy
