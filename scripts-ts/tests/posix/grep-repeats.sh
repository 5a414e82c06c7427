# Repetitions and back-references, basic and extended.
exec 2>&1; set -f
printf '%s\n' '' a aa aaa aaaa ab aab abab ababab 'a{2}' 'a+' 'a*' 'noon' 'level' 'abcabc' 'xyxxyx' > f
for p in 'a*' '^a\+$' '^a\?$' '^a\{2\}$' '^a\{2,\}$' '^a\{,2\}$' '^a\{2,3\}$' 'a{2}' 'a+' 'a\*' '^\(ab\)*$' '^\(ab\)\{2\}$' '^\(.\)\(.\)\2\1$' '^\(.\)\(.\).\2\1$' '\(..*\)\1$' '*' '^*' '\(^a\)' 'a\|n' '^\(a\|ab\)\(c\|bcd\)*' ; do echo "G $p:" $(grep "$p" f); done
for p in '^a+$' '^a?$' '^a{2}$' '^a{2,}$' '^a{,2}$' '^a{2,3}$' 'a\{2\}' 'a\+' '^(ab)+$' '^(ab){2}$' '^(.)(.)\2\1$' '(.+)\1$' '^(a|b)*$' '()' 'a{1' 'a{,' '^(.)(.).\2\1$' 'a{0}' '(^|b)a' 'x(y|$)'; do echo "E $p:" $(grep -E "$p" f); done
grep 'a\{1' f; grep 'a\{3,2\}' f; grep 'a\{99999\}' f; grep -E 'a{2,1}' f; grep '\(a' f; grep 'a\)' f; grep -E '(a' f
grep -E 'a)' f; grep '\2' f; grep -E '(a)\2' f; grep 'a\' f; echo $?
