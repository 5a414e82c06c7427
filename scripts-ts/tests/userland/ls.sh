exec 2>&1
mkdir -p /tmp/ls/sub/deep; cd /tmp/ls; umask 022
echo 12345 > five; : > empty; : > .hidden; echo x > sub/inner; head -c 2000 /dev/zero > two; : > deep
ls; ls -a; ls -A; ls -r; ls -1 sub; ls five empty; ls -d .; ls -d sub five; ls -p; ls -F
ls -R; ls sub deep five; ls -S; ls -l five two; ls -lh two; ls -l sub/inner
ls missing; echo $?; ls missing five; echo $?; ls -z; echo $?
ts -e 'import { symlink, chmod, utimes } from "helios:fs"; await symlink("five", "link"); await symlink("nothing", "dangling"); await chmod("empty", 0o4755); await utimes("two", 1000000000000)'
ls -l link dangling empty two; ls -F; ls -t | tail -n 1
cd /; rm -r /tmp/ls
