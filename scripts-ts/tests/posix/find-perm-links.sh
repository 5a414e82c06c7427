# Modes in three forms, numbers of links, the same file.
exec 2>&1
umask 022
for m in 600 644 755 4755 2644 1777 000 111; do : > f$m; chmod $m f$m; done; ln f600 hard; ln -s f644 sl
f() { echo "$@:" $(find . -mindepth 1 "$@" | sort); }
f -perm 644; f -perm 0755; f -perm -111; f -perm /111; f -perm -4000; f -perm /6000; f -perm -u+w,g+r
f -perm u=rw,go=r; f -perm /g+w,o+w; f -perm -0; f -perm -u=rx ! -perm -o=x; f -perm a=x; f -perm /u=s,g=s
f -links 2; f -links +1; f -links -2 -name 'f6*'; f -samefile hard; f -samefile sl; f -lname 'f6*'
f -type l -perm 777
find . -perm 8; find . -perm +111; find . -perm q; find . -links x; find . -samefile gone; echo $?
