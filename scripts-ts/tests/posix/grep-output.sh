# What is printed: -n -H -h -c -l -L -o -b -m, alone and together.
exec 2>&1
seq 9 12 > a; seq 10 13 > b; : > e
grep -n 1 a; grep -c 1 a b e; grep -l 1 a b e; grep -L 1 a b e; echo $?; grep -H 1 a; grep -h 1 a b; grep -nH 2 a b
grep -on 1 a; grep -oh 1 a b | wc -l; grep -cv 1 a b; grep -lv 1 a b e; grep -Lv 1 a b e
grep -m 1 1 a b; grep -m1 -c 1 a b; grep -m1 -o 1 a; grep -m 2 -v 9 a; grep -nm1 '' a b e
grep -b 1 a; grep -bo 1 a; grep -bn 2 b
grep -cl 1 a b; grep -lc 1 a; grep -oc 1 a; grep -lq 1 a; echo $?; grep --null -l 1 a b | tr '\0' '!'; echo
grep -Hc 1 - < a; grep -n 1 - a < b; grep --label=x -c 1 - a < b
