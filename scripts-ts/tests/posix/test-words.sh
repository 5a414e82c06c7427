# test as a program: texts, numbers, joined and turned round, and mistakes.
T=$(which test)
t() { $T "$@" 2> /dev/null; echo "$?: $*"; }
t; t ''; t x; t -n ''; t -n x; t -z ''; t -z x; t a = a; t a = b; t a != b; t a == a; t 1 -eq 1; t 1 -eq 01; t 1 -lt 2
t 2 -le 2; t 3 -gt 2; t 2 -ge 3; t -1 -lt 0; t 1 -ne 2; t ' 1' -eq 1; t x -eq 1; t 1 -eq ''; t 1.5 -eq 1; t ! x
t ! ''; t ! a = b; t a -a b; t a -a ''; t '' -o b; t '' -o ''; t a = a -a b = b; t a = b -o b = b; t ! a = a -o b
t '(' a ')'; t '(' a = b ')' -o c; t '(' '' ')'; t -f; t = ; t = =; t ! ; t -n; t '('; t a b; t a b c; t a = ; t 1 -eq
t a -q b; t -q a; t a -lt b; t '(' a; t a ')'; t 99999999999999999999 -gt 1; t '!' '!' a; t -e a = b
