# Digests that are known, of nothing, one letter, and more.
for t in '' a abc 'message digest' abcdefghijklmnopqrstuvwxyz; do for s in md5sum sha1sum sha256sum sha512sum; do printf '%s' "$t" | $s | cut -d ' ' -f 1; done; done
