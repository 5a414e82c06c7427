# Clauses of symbolic modes, one after the other, on a file and on a directory.
umask 022
: > f; mkdir d
t() { chmod "$1" f d; echo "$1" $(stat -c %a f d); chmod 644 f; chmod 755 d; }
for m in u+x go-r a=rw +w -r =x ug=rw,o= u=g g=u o=u,u-w a+X g+s u+s,g-s +t o+t u=rwxs,g=,o=t -x,u+X; do t $m; done
