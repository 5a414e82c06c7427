# What becomes of links: followed, kept, made.
exec 2>&1
umask 022
echo data > f; ln -s f l; ln -s gone g; mkdir d; ln -s ../f d/l; ln -s ../gone d/g
k() { for n; do stat -c '%n %F' "$n"; done; }
cp l a; k a
cp g b; echo $?
cp -P l c; k c; readlink c
cp -d g e; readlink e
cp -r d r; k r/l r/g
cp -rL d s; echo $?; ls s
cp -H l h; k h
ln -s d dl; cp -r dl rl; k rl
cp -rH dl rh; k rh rh/l
cp -a dl al; k al
cp -r dl/ sl; k sl
cp f l; echo $?; cp l f; echo $?
cp --remove-destination f l; k l
ln f hard; cp f hard; echo $?; cp -f f hard; echo $?
cp -s f sym; readlink sym; cp -l f hl; stat -c %h hl
