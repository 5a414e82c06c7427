exec 2>&1
umask 022
mkdir a b; ls; mkdir a; echo $?; mkdir -p a; echo $?; mkdir x/y; echo $?; mkdir -p x/y/z x/w; ls -R x
mkdir -v c; mkdir -pv c/d/e; mkdir a c f; echo $?; ls; mkdir --parents --verbose c/d/g/h
: > file; mkdir file; echo $?; mkdir -p file; echo $?; mkdir -p file/sub; echo $?; mkdir file/sub; echo $?
mkdir -m 700 private; mkdir -m 1777 shared; mkdir -m u=rwx,go= sym; mkdir --mode=a=rx sym3; mkdir -m +w sym4; umask 077; mkdir -p q/r; mkdir -pm 755 s/t; stat -c '%a %n' a private shared sym sym3 sym4 q q/r s s/t; umask 277; mkdir -p u/v; stat -c '%a %n' u u/v; umask 022
mkdir; echo $?; mkdir -m 8 z; echo $?; mkdir -m u+q z; echo $?; mkdir trailing/; ls -d trailing; mkdir -- -m; ls; mkdir 'a	b'; mkdir -p x/y/../k; ls x; mkdir .; echo $?; mkdir -p ./; echo $?
rmdir a; rmdir a; echo $?; rmdir c; echo $?; rmdir -v b; rmdir file; echo $?; rmdir; echo $?; rmdir -p x/y/z; echo $?; ls x; rmdir -pv c/d/e; echo $?; rmdir --parents --ignore-fail-on-non-empty c/d/g/h; echo $?; ls
rmdir --ignore-fail-on-non-empty x; echo $?; rmdir --verbose x nothing; echo $?; rmdir trailing/; rmdir .; echo $?; mkdir -p m/n; rmdir --parents m/n; ls -d m
