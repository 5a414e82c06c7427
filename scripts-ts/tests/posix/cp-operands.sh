# One target, several sources, and what is wrong with them.
exec 2>&1
mkdir d e; : > a; : > b; : > 'c d'
cp; cp a; cp -t; cp a b c; echo $?
cp a b 'c d' d; ls d
cp -t e a b; ls e
cp -vt e 'c d'
cp -v a d/new
cp a d/x/y; echo $?
cp a nothing/; echo $?
cp a b/; echo $?
cp gone gone2 d; echo $?
cp '' x; echo $?
cp a a; cp ./a a; cp d/a d; echo $?
cp -T a d; cp -rT a d; echo $?
cp a a d; echo $?
cp /dev/null nul; stat -c '%F %s' nul
