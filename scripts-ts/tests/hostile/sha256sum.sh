sha256sum "$IN"; sha256sum -c "$IN"
