# -y: columns, marks, widths, what is left out.
exec 2>&1
printf '%s\n' one two three four 'a long line that does not fit in half of it' six > a
printf '%s\n' one 2 three 'four and' 'a long line that does not fit in half of it' six seven > b
diff -y -W 40 a b; diff -y -W 60 a b; diff -y -W 20 a b; diff -y -W 40 --suppress-common-lines a b; 
diff -y -W 40 a /dev/null; diff -y -W 40 /dev/null b; printf 'x' > n; printf 'x\n' > m; diff -y -W 30 n m
diff -y -W 30 a a; echo $?; printf 'a\tb\n' > t; printf 'a\tc\n' > u; diff --side-by-side --width=30 n m
diff -y -W x a b; echo $?
