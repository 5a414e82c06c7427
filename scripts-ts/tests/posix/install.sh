exec 2>&1
umask 022
echo a > a; echo b > b; mkdir d
install a c; stat -c '%a %s' c; install -m 644 a c; stat -c %a c; install --mode=u=rw,go= a c; stat -c %a c; install a b d; ls d; install -t d -v a; install --target-directory=d --verbose b; install -T a e; cat e; install -D a x/y/z; cat x/y/z; install -D -v a p/q/r; install -d m/n o; ls -d m/n o; install -d -m 700 s; stat -c %a s; install -vd t/u; install -D -t v/w a; ls v/w; install --directory t; install --no-target-directory b e; cat e
touch -t 203001010000 a; install -p a f; stat -c %Y f; install --preserve-timestamps a g; stat -c %Y g; install missing h; echo $?; install; echo $?; install a; echo $?; install d h; echo $?; install a b nowhere; echo $?; install -m 9 a h; echo $?; install -o no-such-user a h; echo $?; install -g no-such-group a h; echo $?; install -d a; echo $?; install -d a/b; echo $?; install a no/such; echo $?
