exec 2>&1
mkdir -p /tmp/rm/d/e/f /tmp/rm/empty; cd /tmp/rm
: > a; : > b; : > d/x; : > d/e/y
rm a; ls; rm a; echo $?; rm -f a; echo $?; rm missing b; echo $?; ls
rm d; echo $?; rm empty; echo $?; rm -d empty; echo $?; rm -d d; echo $?
rm -v -r d; ls
mkdir d; rm -r .; echo $?; rm -r ..; echo $?; rm -rf /; echo $?
rm; echo $?; rm -f; echo $?; rm -z; echo $?
ts -e 'import { symlink } from "helios:fs"; await symlink("/etc", "link")'; rm -r link; ls /etc/passwd; ls
: > ./--; : > -f; rm -- -f; rm ./--; ls
cd /; rm -r /tmp/rm; ls /tmp/rm; echo $?
