exec 2>&1
seq 1 20 > n
grep -A1 5 n; grep -B1 5 n; grep -C1 5 n; grep -1 5 n; grep -nA2 '^[369]$' n; grep -c -A1 5 n; grep -A1 -m1 1 n; grep -vA1 1 n; grep -o -A1 5 n; grep -A 1 -B 2 -n 10 n n; grep -A x 5 n; echo $?; grep --after-context=1 --before-context=0 7 n; grep --context=1 20 n
