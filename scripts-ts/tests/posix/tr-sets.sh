# Ranges, classes, repeats and escapes; delete, squeeze, complement, truncate.
exec 2>&1
t() { printf '%s' "$1" | tr "${@:2}"; echo; }
t hello a-y b-z; t 'Hello World' '[:upper:]' '[:lower:]'; t 'hello' '[:lower:]' '[:upper:]'; t 'a1b22' -d 0-9
t 'a1b22' -d '[:digit:]'; t 'a  b   c' -s ' '; t 'aabbccdd' -s a-c; t 'aabb' -s ab xy; t 'aabbc' -ds a b
t 'hello' -c a-g .; t 'h e-l' -cd '[:alpha:]'; t 'a\b' '\\' /; t 'a-b' - _; t 'abc' a-c 1; t abc abc 12
t abcd a-d '12[x*]'; t abcde a-e '[x*2]y[z*]'; t abc -t abc 12; t 'x]y[' '[]' '()'; t abc '[a-c]' '(A-C)'
t 'tab	x' '\t' T; t a/b / '\n'; t 'é' -d '\303\251'; t abc '\141-\143' x-z; t 'a.b,c!' -d '[:punct:]'
t 'mixed CASE' 'a-zA-Z' 'n-za-mN-ZA-M'; t 'one two' ' ' '\n'; t 'aXbX' -d X; t 'aab' -sc b; t 'a  b' -s '[:space:]' _
t hello 'a-z' 'A-C'; t zzz 'a-z' '[A*]'; t 'x=y' '[=x=]' z; t '123' '1-3' '[:lower:]'; t 'a^b' '^' v; t 'a*b' '*' x
t '  x ' -d ' '; t 'ab' -C 'a' -; t 'abAB' '[:alpha:]' x
for a in 'c-a x' '[:bad:] x' 'a' 'a b c' "-d a b" '-s' '[a*] b' "a ''" '-q a b' '[=ab=] x' '-ds a'; do eval "tr $a" < /dev/null; echo $?; done
tr a '[b*' < /dev/null; echo $?; echo a | tr a '[b*x]'; tr 'a\' b < /dev/null; echo $?
