# What people do with logs: filter, cut, count, follow an order.
cat > l <<'X'
2035-01-01 10:00:01 host app[12]: INFO start
2035-01-01 10:00:05 host app[12]: ERROR disk full
2035-01-01 10:01:00 host db[7]: INFO ready
2035-01-02 00:00:00 host app[13]: INFO start
2035-01-02 03:04:05 host db[7]: ERROR lost
2035-01-02 03:04:06 host app[13]: WARN slow
X
grep ERROR l; grep -c INFO l; grep -v INFO l | cut -d ' ' -f 2,4-; cut -d ' ' -f 5 l | sort | uniq -c | sort -rn
sed 's/.* \([a-z]*\)\[.*/\1/' l | sort | uniq -c; grep -A1 ERROR l; grep -B1 -n WARN l
sed -n '/2035-01-02/,$p' l | head -n 2; sed -n '/10:00:05/,/00:00:00/p' l | wc -l; tail -n 3 l | tac
grep -o '\[[0-9]*\]' l | tr -d '[]' | sort -un; cut -c 1-10 l | uniq -c
grep -E 'ERROR|WARN' l | sed 's/^[^ ]* //;s/ host / /'; grep -i 'error' l | wc -l
sed '/INFO/d;s/ERROR/!!/' l | cut -d: -f 4; split -l 3 l part; wc -l part*; grep -l WARN part*
sort -k5,5 -k2,2 l | cut -d ' ' -f 2,5; grep -m1 INFO l; grep -h start part* | sort -r | head -n 1
sed = l | sed 'N;s/\n/: /' | head -n 1; nl -w2 -s'. ' l | tail -n 1; grep -oE '[A-Z]{4,}' l | sort | uniq -c
tr ' ' '\n' < l | grep -x host | wc -l; tail -n +5 l | head -n 1; cat l | tee copy | tail -n 1 | cut -d ' ' -f 6
cmp l copy
