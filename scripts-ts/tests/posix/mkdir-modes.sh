# -m, -p and the umask: parents get what the umask says, the last what -m says.
exec 2>&1
m() { stat -c '%a %n' "$@"; }
umask 022; mkdir a; m a
mkdir -m 0 b; m b; mkdir -m 1770 c; m c; mkdir -m u=rwx,g=rx,o= d; m d
mkdir -m a-w e; m e; mkdir -m =rx f; m f; mkdir -m g+w,o-rx g; m g
umask 077; mkdir -p h/i/j; m h h/i h/i/j
mkdir -p -m 755 k/l; m k k/l
mkdir -p -m 700 k/l; m k/l
umask 022; mkdir -m 12345 n; echo $?
mkdir -m u+t,g+z n; echo $?
mkdir -m '' n; echo $?
mkdir -pv a/b/../c d/.//e
mkdir -vm 711 o
