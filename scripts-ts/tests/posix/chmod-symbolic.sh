# Clauses of symbolic modes, one after the other, on a file and on a directory.
umask 022
: > f; mkdir d
t() { chmod "$1" f d; echo "$1 $(stat -c %a f) $(stat -c %a d)"; chmod "${2:-644}" f; chmod 755 d; }
for m in u+x go-r a=rw +w -r =x ug=rw,o= u=g g=u o=u,u-w a+X g+s u+s,g-s +t o+t u=rwxs,g=,o=t -x,u+X ug+x,o=g u=o+w a-rwx,u+r g=o-r o+u g-u u=,g=u +rws a=rwX u=rX,go=X =t g=s uo+x ao-w u+r+w+x a+ ; do t $m; done
chmod 111 f; chmod a+X f; stat -c %a f; chmod 6777 d; chmod g-s,u=rx d; stat -c %a d; chmod 0 f; chmod u+rw,g+u,o+g-w f; stat -c %a f
