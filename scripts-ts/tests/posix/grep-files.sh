# Patterns from files, binary files, standard input, files that are missing.
exec 2>&1
printf 'one\ntwo\nthree\n' > a; printf 'two\n\n' > p; printf 'one\nthree' > q; : > none; printf 'bin\0one\n' > bin
printf 'bad \377 one\n' > bad
grep -f q a; grep -c -f p a; grep -f none a; echo $?; grep -vf none a; grep -f q -e two a; grep -F -f q a
grep -f gone a; echo $?; echo two | grep -f - a; grep -xf q a
grep one bin; grep -c one bin; grep -l one bin; grep -a one bin | tr '\0' '!'; grep -o one bin; grep -I one bin
echo $?; grep -q one bin; echo $?; grep --binary-files=without-match one bin a; grep --binary-files=x one a; echo $?
grep one gone; echo $?; grep one gone a; echo $?; grep -s one gone a; echo $?; grep -q one gone a; echo $?
grep -q one a gone; echo $?
grep; echo $?; grep -E; echo $?; grep -m x one a; echo $?; grep -A -1 one a; echo $?; grep -k one a; echo $?
grep --context=x one a; echo $?
grep one < a; cat a | grep two -; grep -H two < a; grep -n two - < a
