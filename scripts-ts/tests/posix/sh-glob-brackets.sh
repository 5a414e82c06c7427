# Sets of characters in names.
for f in a b c d A B 1 2 - ] ^ '!' ab a1 a-b '[x]' .h; do : > "$f"; done
echo [abc] [a-c] [!a-z] [^a-z] [a-] [-a] []] []a] [!]a-zA-Z] [[:digit:]] [[:upper:]] [[:alpha:][:digit:]] [![:alnum:]]
echo a[0-9] a[!0-9] a[a-z]* a?b a[-]b [a [] a[ '[x]' \[x] [[]x] [[]x[]] "[a]" [a\-c] ["a"b] [a'-'c] [\!a] [!!]
echo [z-a] [] [!] [^] x[] [[:nope:]] [a/b] [.]h .[h] [ab][1b]
v='[ab]'; echo $v "$v" [$v] $v$v; v='a-c'; echo [$v] ["$v"]
case ] in []]) echo closing;; esac; case - in [a-]) echo dash;; esac; case a in [!b]) echo other;; esac; case '\' in [\\]) echo backslash;; esac
