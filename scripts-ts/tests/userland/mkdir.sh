exec 2>&1
mkdir -p /tmp/mk; cd /tmp/mk; umask 022
mkdir a b; ls; mkdir a; echo $?; mkdir -p a; echo $?
mkdir x/y; echo $?; mkdir -p x/y/z x/w; ls -R x
mkdir -v c; mkdir -pv c/d/e; mkdir a c f; echo $?; ls
: > file; mkdir file; echo $?; mkdir -p file; echo $?; mkdir -p file/sub; echo $?
mkdir -m 700 private; mkdir -m 1777 shared; umask 077; mkdir -p q/r; mkdir -pm 755 s/t
ts -e 'import { stat } from "helios:fs"; for (const n of ["a", "private", "shared", "q", "q/r", "s", "s/t"]) console.log(n, (await stat(n)).mode.toString(8))'
mkdir; echo $?; mkdir -m 8 z; echo $?; mkdir -z; echo $?; mkdir trailing/; ls -d t*
cd /; rm -r /tmp/mk
