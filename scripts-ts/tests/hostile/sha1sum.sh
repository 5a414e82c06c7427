sha1sum "$IN"; sha1sum -c "$IN"
