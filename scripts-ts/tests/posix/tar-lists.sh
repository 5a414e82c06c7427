# t and v: names, modes, sizes, times, links, odd names.
exec 2>&1
umask 022; mkdir -p d/e; printf 12345 > d/a; ln -s a d/l; ln d/a d/h; chmod 4755 d/a
touch -d '2033-04-05 06:07' d/a d/e d; touch -h -d '2033-04-05 06:07' d/l; : > 'd/s p'; : > "d/it's"; : > 'd/new
line'; touch -d '2033-04-05 06:07' d/[sin]*; touch -d '2033-04-05 06:07' d
tar cf t.tar d/e d/a d/h; v() { sed 's,^\([^ ]*\) [^ ]*/[^ ]* *,\1 U/G ,'; }
tar tf t.tar; tar tvf t.tar | v; tar -tv -f t.tar d/a | v; tar tf t.tar d/e d/gone; echo $?
tar tf t.tar --exclude='*h'; tar cf n.tar 'd/s p' "d/it's" d/new*; tar tf n.tar; tar tvf n.tar | v; cat t.tar | tar t
tar tf t.tar t; echo $?; tar tf t.tar 'd/*' 2> /dev/null; echo $?; tar tf t.tar --wildcards 'd/*'; tar tzf t.tar
echo $?; tar tf t.tar | head -n 1
