# Lines, words, characters, bytes and the longest line, in their fixed order.
exec 2>&1
printf 'one two  three\n\n\tfour\n' > a; printf 'no end' > b; : > e; printf 'x\ty\n12345678\tz\n' > t
printf 'a\0b c\0\n' > z
wc a; wc b; wc e; wc a b e; wc -l a b; wc -w a; wc -c a; wc -m a; wc -L a t b; wc -lwc a; wc -cwl a; wc -Lc a
wc -lm a; wc -mc a; wc -wl < a; wc < a; wc - < a; cat a | wc -l; wc -l - a < b; wc z; wc -L z
wc --lines a; wc --words --bytes a b; wc --files0-from=- < /dev/null; printf 'a\0e' | wc --files0-from=-
printf 'a\0\0b' | wc --files0-from=-; echo $?; wc --files0-from=gone; echo $?; wc --files0-from=- a < /dev/null
echo $?
wc gone a; echo $?; wc .; echo $?; wc -q a; echo $?; wc ''; echo $?; printf '\r\n\f\v x\n' | wc
printf 'a\rbcd\n' | wc -L; head -c 100000 /dev/zero | wc; yes | head -n 1000 | wc
