# Modes that copy others, special bits, and several operators in a clause.
umask 022
: > f; mkdir d
t() { chmod "$1" f d; echo "$1" $(stat -c %a f d); chmod 644 f; chmod 755 d; }
for m in ug+x,o=g u=o+w a-rwx,u+r g=o-r o+u g-u u=,g=u +rws a=rwX u=rX,go=X =t g=s uo+x ao-w u+r+w+x a+ ; do t $m; done
chmod 111 f; chmod a+X f; stat -c %a f; chmod 6777 d; chmod g-s,u=rx d; stat -c %a d; chmod 0 f
chmod u+rw,g+u,o+g-w f; stat -c %a f
