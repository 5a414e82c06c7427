exec 2>&1
printf '%s\n' abc aBc 'a.c' 'a*c' ab abab aab '[x]' 'x{2}' xx 'tab	tab' '12-34' 'foo bar' foobar 'a+b' '$5' '^up' 'back\slash' 'a|b' '' > a
echo -- '0'; grep 'a.c' a; echo -- '1'; grep 'a\.c' a; echo -- '2'; grep 'a*c' a; echo -- '3'; grep 'a\*c' a; echo -- '4'; grep '^ab*$' a; echo -- '5'; grep '\(ab\)\1' a; echo -- '6'; grep 'x\{2\}' a; echo -- '7'; grep 'x{2}' a; echo -- '8'; grep '\[x\]' a; echo -- '9'; grep '[[]x[]]' a; echo -- '10'; grep '[0-9]\+-' a; echo -- '11'; grep 'fo\+b\?' a; echo -- '12'; grep 'abc\|foo' a; echo -- '13'; grep '*c' a; echo -- '14'; grep '\(*c\)' a; echo -- '15'; grep '^*' a; echo -- '16'; grep 'a^b' a; echo -- '17'; grep '$5' a; echo -- '18'; grep '\$5' a; echo -- '19'; grep '\^up' a; echo -- '20'; grep '\\' a; echo -- '21'; grep '[\s]' a; echo -- '22'; grep '[^a-z]' a; echo -- '23'; grep '[a-]$' a; echo -- '24'; grep '[]x]' a
echo -- '0'; grep -E 'a+b' a; echo -- '1'; grep -E 'a\+b' a; echo -- '2'; grep -E 'x{2}' a; echo -- '3'; grep -E 'x{2,}' a; echo -- '4'; grep -E '(ab){2}' a; echo -- '5'; grep -E '(a|b)\|' a; echo -- '6'; grep -E '^(foo|tab)' a; echo -- '7'; grep -E '(ab)\1' a; echo -- '8'; grep -E '^.{3}$' a; echo -- '9'; grep -E '^a?b?c?$' a; echo -- '10'; grep -E '[[:digit:]]+' a; echo -- '11'; grep -E '[[:upper:]]' a; echo -- '12'; grep -E '[[:space:]]' a; echo -- '13'; grep -E '[[:punct:]]' a; echo -- '14'; grep -E '^[[:alnum:]_]+$' a; echo -- '15'; grep -E '^[^[:alpha:]]' a; echo -- '16'; grep -E 'a{,1}b$' a; echo -- '17'; grep -E '()' a; echo -- '18'; grep -E 'x{a' a; echo -- '19'; grep -E 'a||b' a
echo -- '0'; grep '\bfoo\b' a; echo -- '1'; grep '\<foo\>' a; echo -- '2'; grep '\<foo' a; echo -- '3'; grep 'bar\>' a; echo -- '4'; grep '\Bbar' a; echo -- '5'; grep '\w\+ \w' a; echo -- '6'; grep '^\W' a; echo -- '7'; grep 'tab\stab' a; echo -- '8'; grep -F 'a*c' a; echo -- '9'; grep -F '$' a; echo -- '10'; grep -xF 'ab' a; echo -- '11'; grep -iE 'ABC|FOO' a; echo -- '12'; grep -oE 'a|ab|aba' a; echo -- '13'; grep -oE '[0-9]+' a; echo -- '14'; grep -o 'b*' a
grep '[a' a; echo $?
grep '\(' a; echo $?
grep '\)' a; echo $?
grep 'a\{1' a; echo $?
grep 'a\{2,1\}' a; echo $?
grep '\1' a; echo $?
grep '[[:foo:]]' a; echo $?
grep '[b-a]' a; echo $?
grep 'a\' a; echo $?
grep -E '(' a | head -n 2
grep -E '(a))' a | head -n 2
grep -E '[a' a | head -n 2
grep -E 'a{2,1}' a | head -n 2
grep -E '*' a 2>/dev/null | head -n 2
grep -E '+a' a 2>/dev/null | head -n 2
grep -E 'a**' a | head -n 2
grep -E '[:space:]' a | head -n 2
grep; echo $?; grep -E; echo $?; grep --frob x; echo $?; grep -C; echo $?; 
