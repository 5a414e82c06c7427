# Programs that read no more than they need leave the rest to the next.
seq 10 > n; : > e
{ head -n 2 > /dev/null; head -n 1; } < n; { head -c 4 > /dev/null; cat; } < n; { head -n 1; tail -n 1; } < n
{ read a; read b; head -n 1; echo $a$b; } < n; { sed -n 1q; } < n
{ dd bs=4 count=1 status=none > /dev/null; cat; } < n | head -n 2; { cat > /dev/null; cat; } < n
{ head -n 3; echo --; head -n 3; } < n; seq 1000000 | head -n 1; yes | sed 2q; seq 100000 | grep -m 1 99
seq 5 | (read x; echo "got $x"; cat); { head -n 0; cat; } < n | wc -l; { grep -m1 5; cat; } < n | tail -n 1
{ head -n -8; cat; } < n; { tail -n +9; cat; } < n; { wc -l; cat; } < n; cat < e | wc -c
