# od: types, sizes, addresses, skipping, widths, repeated lines.
exec 2>&1
printf 'abc\n\000\001\177\200\377\t"0123' > f; { head -c 40 /dev/zero; printf x; } > z; printf 'odd' > o
od f; od -a f; od -b f; od -c f; od -d f; od -i f; od -l f; od -o f; od -s f; od -x f; od -t x1 f; od -t x2 f
od -t x4 f; od -t x8 f; od -t d1 f; od -t u1 f; od -t o1 f; od -t u2 f; od -t d4 f; od -t c f; od -t a f; od -t x1z f
od -t xC f; od -t dS f; od -t oI f; od -t uL f; od -t x1c f; od -t x1 -t c f; od -bc f
od -A d -t x1 f; od -A x -t x1 f; od -A n -t x1 f; od -An -tx1 -w4 f; od -An -v -w1 -tu1 o; od -j 3 f; od -N 5 -c f
od -j 2 -N 3 -An -c f; od z; od -v z; od -w8 -c f; od o f | tail -n 2; od -c < o; od -c - < o; od -An -tf4 -N 4 z
od -An -tfD -N 8 z; od -s3 o; od --endian=big -t x2 o; od -t x2 --endian=little o; cat f | od -An -c -j 4
od gone; echo $?; od gone o; echo $?; od -t q o; od -A z o; od -j x o; od -N x o; od -t x3 o; od -q o; od -j 99 o
echo $?
