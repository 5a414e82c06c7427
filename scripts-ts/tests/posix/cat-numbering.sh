# -n, -b and -s over several files; the numbers go on from file to file.
exec 2>&1
printf 'a\n\n\n\nb\n' > 1; printf 'c\n\n' > 2; printf 'no end' > 3; : > e
cat -n 1 2; cat -b 1 2; cat -s 1 2 1; cat -sn 1; cat -sb 1; cat -nb 1; cat -bn 2; cat -n 3 1; echo; cat -n e
cat -ns 2 2 2
cat 3 3; echo; cat 3 - 3 < 2; cat - - < 1; cat < 2; cat 1 e 2 | cat -n | tail -n 1
seq 99998 100001 | cat -n | tail -n 1
cat gone; echo $?; cat 1 gone 2 | wc -l; cat .; echo $?; cat -q; echo $?; cat --number-nonblank --squeeze-blank 1
cat 2 > o; cat o o >> o; echo $?
