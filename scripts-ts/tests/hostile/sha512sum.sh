sha512sum "$IN"; sha512sum -c "$IN"
