# Terse lines, links followed, standard input, file systems, mistakes.
exec 2>&1
umask 022; printf 123 > f; ln -s f l; mkdir d; touch -d '2031-02-03 04:05:06' f
set -- $(stat -t f); echo $# $1 $2 $4; set -- $(stat --terse l); echo $1 $2; set -- $(stat -tL l); echo $1 $2
stat -L -c '%n %F %s' l f; stat -c '%n' f l gone d; echo $?; stat - -c '%F %s' < f; stat -c %s /dev/null
stat -c '%t:%T' /dev/zero; stat -f -c '%n %l' .; set -- $(stat -f -t .); echo $1 $#; stat -fc %S . > /dev/null
echo $?; stat f | sed -n '2s/Blocks.*//p'; stat l | sed -n 1p; stat f | grep '^Modify'; stat -c '%U' / 
stat --printf='%A\n' d; stat -c '%04a %4a|%-6a|' f; stat -c '%h %d' f | cut -d ' ' -f 1
stat; stat gone; stat -c; stat -q f; stat -L gone; stat -f gone; stat ''; stat f/; stat -c %n f/x; echo $?
