# Lines of bounded width, counted in columns or bytes, cut at blanks.
exec 2>&1
echo 'The quick brown fox jumps over the lazy dog and runs away' > f; printf 'a\tb\tc\td\n' > t
printf 'short\n\nlongwordwithoutblanks\n' > w
fold -w 20 f; fold -s -w 20 f; fold -sw 7 f; fold -w1 w | head -n 8; fold -5 w; fold -s -w 10 w
fold -w 10 t | tr '\t' T; fold -bw 3 t | tr '\t' T; fold -sw 12 t | tr '\t' T; fold f; fold -w 80 f w
fold -w 20 - < f; printf 'abcdefgh' | fold -w 3; echo; printf 'ab\bcdef\n' | fold -w 3 | od -c
printf 'abc\rdef\n' | fold -w 4 | od -c; printf '          \n' | fold -sw 4 | tr ' ' .; seq -s ' ' 30 | fold -sw 25
yes abc | head -n 10 | tr -d '\n' | fold -w 12; echo; fold -w 0 f; fold -w x f; fold -w -3 f; fold -q; fold gone w
echo $?; fold -w 99999 f | wc -l
