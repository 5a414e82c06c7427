exec 2>&1
mkdir docs m n; echo hello > docs/hello; ln docs/hello docs/again; mkdir docs/deep; echo '#!/bin/sh' > docs/deep/run; chmod 4755 docs/deep/run
mkimage docs docs.img; echo $?; mkimage -L NOTES docs notes.img; mkimage -i docs docs.iso; mkimage --label=TOOLS --iso docs tools.iso; mkimage docs; echo $?; mkimage; mkimage docs a b; mkimage nothing x.img; echo $?; mkimage docs/hello x.img; mkimage docs /dev/cd0; mkimage -L 123456789012345678901234567890123 docs x.img; mkimage docs /nothing/x
cmp docs.img notes.img | cut -c1-13; tail -c +32770 docs.iso | head -c 5; echo
mount docs.img m; echo $?
doas mount docs.img m; echo $?; mount | tail -n 1; mount -t helios; mount -t overlay -t proc; mount --types none; cat m/hello; stat -c %h m/hello; ls m m/deep
df m | tail -n 1 | { read a b c d e f; echo $a $f; }; df -T m | tail -n 1 | cut -c1-1; find m -xdev -name run; find . -xdev -name run
doas sh -c 'echo changed > m/hello; rm -r m/deep; mkdir m/new'; mv docs/hello m; echo $?; doas mv docs/again m/moved; cat m/hello m/moved; doas ln m/moved docs/hard; echo $?; ls docs m
doas mount docs.img n; echo $?; doas mount docs.img m; doas mount notes.img m/new; doas umount m; cd m; doas umount -v ../m/new; doas umount ../m; cd ..; doas umount -v m; echo $?; ls m; doas umount m
doas mount -r docs.img m; cat m/hello m/again m/moved; doas touch m/x; doas umount docs.img; mount | wc -l
doas mount -v docs.iso m; ls m; cat m/hello; doas rm m/hello; doas umount m
doas mount -w docs.iso m; doas mount -o rw tools.iso m; doas mount -o ro,nosuch docs.img m; doas mount -o ro,noexec docs.img m; mount | tail -n 1 | cut -d ' ' -f 5-; doas umount m
echo text > text; doas mount text m; doas mount docs m; doas mount nothing m; doas mount docs.img nothing; doas mount docs.img text; doas mount docs.img /; doas mount docs.img /proc; doas mount docs.img; doas mount a b c; doas umount; doas umount nothing /; echo $?
echo "$HOME/docs.img $HOME/m auto ro" > fstab; doas cp fstab /etc/fstab; doas mount -a; mount | tail -n 1; doas mount --all; doas umount -a; doas mount "$HOME/m"; doas mount --options=rw "$HOME/docs.img"; doas umount --all --verbose; doas mount -a x; mount | wc -l
head -c 200 docs.img > cut.img; doas mount cut.img m; tr a-z b-za < docs.img > bad.img; doas mount bad.img m; : > empty.img; doas mount empty.img m
sync; echo $?; echo precious > precious; sync -f .; sync -d precious; rm precious; doas mount /dev/disk m; cat "m$HOME/precious"; doas umount m
