# test as a program: kinds, times and modes of files.
T=$(which test)
umask 022; echo x > f; : > e; mkdir d; ln -s f l; ln -s gone b; ln f h; chmod 640 f; touch -d 2020-01-01 old
chmod 4755 e; chmod +t d; mkdir g; chmod g+s g
t() { test "$*" = '-s d' || $T "$@"; echo "$?: $*"; }
for o in -e -f -d -L -s -r -w -c -u -k; do for p in f e d l b gone; do t $o $p; done; done 2>&1
t -x d; t -x f; t -u e; t -g g; t -k d; t f -ef h; t f -ef e; t f -ef l; t old -ot f; t old -nt f; t f -nt gone
t gone -ot f; t gone -nt f; t -c /dev/null; t -t 0; t -O f; t -G f; t -N f > /dev/null
