exec 2>&1
printf 'one two\nthree\n\n  four\tfive \nlast' > a; printf '' > e; seq 1000 > n
wc a; wc a e n; wc -l a; wc -w a; wc -c a; wc -m a; wc -L a; wc -lw a n; wc < a; cat a | wc; cat a | wc -l; wc -l < a; wc -cL a n; wc - < e; wc --lines --words a; wc --bytes n; wc --chars n; wc --max-line-length n; printf 'a\0n\0' | wc -l --files0-from=-; wc nosuch a; echo $?; wc .; echo $?; wc --foo; echo $?; seq 100000 | wc -lc; printf 'a\tb\n' | wc -L; wc -c n e
