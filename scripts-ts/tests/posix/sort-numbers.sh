# Numbers: -n takes what it can, -g everything, -h suffixes, -V versions, -M months.
exec 2>&1
printf '%s\n' 10 9 -1 -10 0 1.5 1.50 ' 3' 3a a +5 1e2 .5 -.5 1,000 '' 0x1F 007 > n
sort -n n; echo ==; sort -nr n; echo ==; sort -nu n; echo ==; sort -g n; echo ==; sort -gr n | head -n 4; echo ==
sort -ns n
printf '%s\n' 1K 1023 1M 2K 1G 900M 1.1K 10 -1K 0 1k 5T '' x > h; echo == h; sort -h h; sort -hr h | head -n 3
printf '%s\n' v1.2 v1.10 v1.2.1 1.0 1.0a 1.0-1 1.0.1 file9 file10 file09 a1b2 a1b10 .x ..y a~ a > v; echo == V
sort -V v
printf '%s\n' DEC jan Feb x MARCH may '' sept apr ' jun' JANUARY > m; echo == M; sort -M m
printf '%s\n' 1 2 10 | sort; printf '%s\n' 1 2 10 | sort -c; printf '%s\n' 1 2 10 | sort -nc; echo $?
printf '%s\n' 99999999999999999999 99999999999999999998 0.1 0.09 | sort -n
