# Digests that are known, of nothing, one letter, a block, and more than a block.
for t in '' a abc 'message digest' abcdefghijklmnopqrstuvwxyz; do for s in md5sum sha1sum sha256sum sha512sum; do printf '%s' "$t" | $s | cut -d ' ' -f 1; done; done
for n in 55 56 63 64 65 111 112 119 127 128 129 1000; do head -c $n /dev/zero | tr '\0' a | md5sum; head -c $n /dev/zero | sha1sum; head -c $n /dev/zero | sha256sum; head -c $n /dev/zero | sha512sum | cut -c 1-32; done
