echo hello | cat
echo a b c | wc -w
echo -e 'c\na\nb' | cat -n | head -n 2 | tail -n 1
{ echo one; echo two; } | cat -n
(echo sub; echo shell) | { cat; echo after; }
false | true; echo $?; true | false; echo $?; ! true | false; echo $?
echo lost | true; echo $?
cd /; echo x | cd /etc; pwd
A=1; echo x | A=2; echo $A
echo x | sh -c 'exit 7'; echo $?
cat /dev/zero | head -c 5 | wc -c
echo a | cat | cat | cat | cat | cat | cat | cat
echo both 2>&1 | cat
sh -c 'echo err >&2' 2>&1 | cat -n
true |
  echo next line
head -c 200000 /dev/zero | wc -c
