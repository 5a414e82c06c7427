exec 2>&1
mkdir -p /tmp/du/a/b /tmp/du/c; cd /tmp/du
head -c 5000 /dev/zero > a/x; head -c 100 /dev/zero > a/b/y; : > c/z; ln -s .. a/b/up; ln a/x c/x
du; du -a; du -s; du -sh a; du -d 1; du -S; du -b; du -ab a; du -c a c; du -cs a c; du -l; du --inodes; du --exclude=b a; du -x .; du -L; du -h; du -a c a; chmod 0 c; du; chmod 755 c
cd /; rm -r /tmp/du
