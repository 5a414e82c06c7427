# Lengths at which the last block of a digest just holds its length, or does not.
for n in 55 56 63 64 111 112 127 128 1000; do head -c $n /dev/zero > f$n; done
md5sum f*; sha1sum f*; sha256sum f*; sha512sum f*
