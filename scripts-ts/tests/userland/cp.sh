exec 2>&1
mkdir -p /tmp/cp; cd /tmp/cp
echo one > a; echo two > b; mkdir d
cp a c; cat c; cp b c; cat c; cp a b d; ls d; cp a d/new; cat d/new
cp -v a x; cp -n b x; cat x; cp -T a y; cat y
cp d e; echo $?; cp -r d e; ls e; cp -r d e; ls -R e; cp -r d/. f; echo $?
cp missing z; echo $?; cp a; echo $?; cp; echo $?; cp a b nowhere; echo $?; cp a b c; echo $?; cp a a; echo $?
cp -r d d/sub; echo $?; cp d a; echo $?; cp -r d a; echo $?; mkdir g; mkdir g/a; cp a g; echo $?
cp a no/such; echo $?
ts -e 'import { chmod, utimes, stat, symlink } from "helios:fs"; await chmod("a", 0o751); await utimes("a", 1000000000000); await symlink("a", "link")'
cp -p a kept; cp a fresh; cp link followed; cp -r link linked
ts -e 'import { lstat } from "helios:fs"; for (const n of ["kept", "fresh"]) { const s = await lstat(n); console.log(n, s.mode.toString(8), s.mtimeMs === 1000000000000); } for (const n of ["followed", "linked"]) console.log(n, (await lstat(n)).mode >> 12)'
head -c 300000 /dev/zero > big; cp big copy; wc -c copy
cd /; rm -r /tmp/cp
