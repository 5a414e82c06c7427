# -size rounds up to its unit; +, - and plain numbers.
exec 2>&1
mkdir d; cd d; for n in 0 1 511 512 513 1024 1025 5000 1048576 1048577; do truncate -s $n s$n; done
f() { echo "$@:" $(find . -type f "$@" | sort); }
f -size 0; f -size 1; f -size -1; f -size -2; f -size +1; f -size 2; f -size 1k; f -size -1k; f -size +1k; f -size 2k
f -size 1M; f -size -1M; f -size +1M; f -size 512c; f -size +512c; f -size -512c; f -size 256w
f -size +1000c -size -2000c; f -empty; f ! -empty -size -3
