# Counts in all forms, with units, from the other end, over several files.
exec 2>&1
seq 1 12 > n; printf 'a\nb\nc' > p; : > e
c() { echo "$*:" $("$@"); }
c head -n 3 n; c head -n3 n; c head -3 n; c head -n +3 n; c head -n -9 n; c head -n -99 n; c head -n 0 n
c head -n -0 p; c head -c 5 n; c head -c -20 n; c head -c 1b n; c head -c 0 n; c head -c -99 n; c head -n 99 p
c head -qn1 n p; c head -vn1 e; c head -n 1 n e p; c head -c 1kB n; c head --lines=2 n
c tail -n 3 n; c tail -n3 n; c tail -3 n; c tail -n +10 n; c tail +10 n; c tail -n -3 n; c tail -n 0 n; c tail -n +0 p
c tail -n +99 n; c tail -c 5 n; c tail -c +20 n; c tail -c 0 n; c tail -c +0 p; c tail -c -2 p; c tail -n 1 p
c tail -n 2 p; c tail -qn1 n p; c tail -vn1 e; c tail -n 1 n e p; c tail -1 n; c tail -n 1 - p < n; c tail -c 1b n
c tail -n 99 n; c tail --bytes=+24 n; c tail -n 5 e
c head -n 2 -- n; (head -n 2 > /dev/null; head -n 1) < n; cat n | (head -n 1; cat) | wc -l | tr -d ' '; c tail -r n
c head -z -n 1 p; c head -n 1K p
head -n n; head -n 1x n; head -c 1Q n; head -n; tail -n 1.5 n; tail -x n; tail -c x n; head n -n; head gone n p
echo $?; tail gone n; echo $?; head . ; echo $?
