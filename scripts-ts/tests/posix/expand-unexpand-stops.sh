# Tab stops: every N, lists, repeats; blanks become tabs and tabs blanks.
exec 2>&1
printf 'a\tb\tc\n\tx\n  \ty\n12345678\tz\nab\b\tq\n' > t
printf '        eight\n    four    x\na       b       c\n\t  mixed   \tz\n         nine\n' > u
v() { tr '\t ' 'T.'; }
expand t | v; expand -t4 t | v; expand -t 2,5,9 t | v; expand -t '2 5' t | v; expand -t 3,/4 t | v
expand -t 3,+4 t | v; expand -i t | v; expand -i -t 4 t | v; expand -3 t | v; expand -t1 t | v
expand - < t | v | head -n 1; expand t u | wc -c
unexpand u | v; unexpand -a u | v; unexpand -t4 u | v; unexpand -t 4 --first-only u | v; unexpand -t 4,8,12 u | v
unexpand -at 8 u | v; unexpand -t 3 u | v; unexpand -t 2,/8 u | v; expand u | unexpand -a | v; unexpand -a t | v
printf 'a b  c   d    e\n' | unexpand -t2 | v; printf '                ' | unexpand | v; echo
for o in '-t x' '-t 0' '-t 4,2' '-t 4,4' '-t -1' '-t 3,/x' '-t /4,/5' -q; do expand $o t; echo $?; unexpand $o u > /dev/null; echo $?; done
expand gone t | head -n 1; unexpand gone; echo $?
