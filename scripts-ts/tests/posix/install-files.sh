# Modes, directories that are made, what is told.
exec 2>&1
umask 022; echo a > a; echo b > b; m() { stat -c '%a %n' "$@"; }
install a x; m x; install -m 600 a x; m x; install -m u=rwx,go=r a x; m x; install -m 4755 a x; m x; install -d d/e/f
m d d/e/f; install -m 700 -d g/h; m g g/h; install a b d; ls d; m d/a; install -t g a b; ls g
install -D a new/deep/er; cat new/deep/er; m new/deep; install -Dt more/dirs a b; ls more/dirs; install -v a y
install -vd z/w z/v; install -vD a q/r; touch -d 2030-01-01 a; install -p a p; stat -c %Y p; install -b b y; ls y*
install -S .o b y; ls y*; install --backup=numbered b y; ls y*; ln -s a l; install l f; stat -c %F f; install -T a t
install -s a t2 2> /dev/null; echo kept > k; chmod 400 k; install a k; cat k; m k
install; install a; install gone x; install d x; install a b x; install a gone/x; install -m 999 a x; install -d a
install -T a d; install a a; install -t gone a; install -o nosuch a x; install -q a; echo $?
