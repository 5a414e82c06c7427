exec 2>&1
printf 'abc\ndef\n' > a; printf 'abc\ndxf\n' > b; printf 'abc\n' > c; printf 'ab' > d; : > e; cp a f
cmp a f; echo $?; cmp a b; echo $?; cmp -l a b; cmp -s a b; echo $?; cmp a c; echo $?; cmp a d; cmp a e; cmp -b a b; cmp -lb a b; cmp -n 5 a b; echo $?; cmp -n 6 a b; cmp -i 6 a b; echo $?; cmp -i 1:1 a b; cmp a b 1 1; cmp a < b; cmp - a < a; echo $?; cmp --verbose a b; cmp --quiet a b; echo $?; cmp --silent a b; echo $?; cmp --bytes=3 --print-bytes a b; echo $?; cmp --ignore-initial=2 a b; cmp -l a c; echo $?; head -c 100000 /dev/zero > z1; { head -c 99999 /dev/zero; echo; } > z2; cmp z1 z2; echo $?; cmp -l z1 z2
cmp; echo $?; cmp a nosuch; echo $?; cmp -s a nosuch; echo $?; cmp -n x a b; echo $?; cmp --zz; echo $?; cmp -i x a b; echo $?
