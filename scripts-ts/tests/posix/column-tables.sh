# Tables with any separator, lists in columns and rows.
exec 2>&1
printf 'name size\nalpha 1\nb 22222\n\nlong-name-here 3 extra\n' > t; printf 'a:b:c\nddd::f\n:x\n' > c
column -t t; column -t -s: c; column -t -s : -o ' | ' c; column -ts: -o, c
printf 'a,b;c\nd,e;f\n' | column -t -s ',;'; printf 'a\tb\nlonger\tc\n' | column -t; printf 'a b  c\n' | column -t
column -t < t; cat c | column -s: -t; column -t /dev/null; column -t -R 2 t | head -n 2
seq 10 | column -c 30; seq 10 | column -x -c 30; seq 3 | column -c 80; seq 30 | column -c 20 | head -n 2
printf 'one\ntwo\nthree\n' | column -c 24; printf 'x\n\ny\n' | column -c 20; printf 'a\n' | column; column gone
echo $?
