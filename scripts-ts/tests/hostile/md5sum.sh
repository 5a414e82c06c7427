md5sum "$IN"; md5sum -c "$IN"
