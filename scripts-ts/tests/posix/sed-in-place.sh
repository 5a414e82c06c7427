# -i: one file after the other, with and without a copy.
exec 2>&1
umask 022
f() { seq 1 3 > a; seq 4 6 > b; chmod 640 a; }
f; sed -i 1d a b; cat a b; stat -c %a a
f; sed -i.orig '$d' a b; cat a b a.orig; ls
f; sed -n -i 2p a b; cat a b; f; sed -i -e 's/1/one/' -e '2!d' a; cat a
f; sed -i '1i top' a b; cat a b; f; sed -i 'w out' a b; cat out; f; sed --in-place=~ s/1/x/ a; cat a a~; f
sed -i 's/2/&\n&/' a; cat a; f; sed -i 2q a; cat a; sed -ibak/* s/1/y/ a; echo $?; mkdir bak; f; sed -ibak/* s/1/y/ a
cat a bak/a
f; sed -i p gone; echo $?; sed -i 1d gone a; echo $?; cat a; sed -i p bak; echo $?; sed -i '' a; cat a
echo 'x' | sed -i p; echo $?; ln -s a l; f; sed -i 1d l; cat l; test -L l; echo $?; f; ln -sf a l
sed -i --follow-symlinks 1d l; cat a; test -L l; echo $?; f; sed -i k a; cat a; sed -Ei 's/(.)/\1\1/' a; cat a
sed -i -s -n '$p' a b; cat a b
