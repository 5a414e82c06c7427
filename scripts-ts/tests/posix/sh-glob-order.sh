# Names come sorted, each pattern's own.
for f in b a C c B 10 9 1 _ a.b a-b aa A.txt; do : > $f; done
echo *; echo [a-z]* [A-Z]*; echo {c,a}*; echo c* a*; echo *.* *[0-9]; printf '%s\n' a* | head -n 2
for f in *; do printf '%s,' "$f"; done; echo; set -- *; echo "first=$1 last=${!#} count=$#"
: > 'two words'; : > $'tab\there'; : > "quote'd"; for f in *\ * *$'\t'* *\'*; do echo "<$f>"; done; ls t* | wc -l
rm -f *; echo *; touch x; echo *; rm -- *; touch -- -n; echo -- *; echo ./*; rm -- -n
