# Taking out: all, some, elsewhere, without replacing, links and modes.
exec 2>&1
umask 022; mkdir -p d/e; echo 1 > d/a; echo 2 > d/e/b; ln -s a d/l; chmod 640 d/a; chmod 711 d/e
touch -d 2020-01-01 d/a d/e; tar cf t.tar --no-recursion d d/a d/e d/e/b d/l; mv d src
tar xf t.tar; diff -r src d; stat -c '%n %a %h' d/a d/e; readlink d/l; stat -c '%Y' d/a; rm -r d
tar xvf t.tar | sort; rm -r d; tar xf t.tar d/e; find d | sort; rm -r d; tar xvf t.tar d/e/b d/a; rm -r d; mkdir x
tar xf t.tar -C x; find x | sort; tar -x -f t.tar -C x --strip-components=1; ls x
tar xf t.tar --strip-components=2 -C x; ls x; rm -r x
tar xf t.tar gone; echo $?; tar xf t.tar d/a gone; echo $?; cat d/a; echo mine > d/a; tar xkf t.tar d/a; echo $?
cat d/a; tar xf t.tar --skip-old-files d/a; cat d/a; tar xf t.tar d/a; cat d/a; tar xOf t.tar d/a d/e/b
tar xf t.tar -O d/a; tar xf - d/e/b < t.tar; cat t.tar | tar x d/a; cat t.tar | tar xf - -C src d/a; cat src/d/a
tar xf t.tar --exclude='*b' ; tar xf t.tar --wildcards 'd/e*'; tar xmf t.tar d/a; test d/a -nt t.tar && echo new
tar xf t.tar --to-stdout d/a; rm -r d; mkdir d; echo file > d/e; tar xf t.tar d/e; echo $?; stat -c %F d/e
tar xf gone.tar; echo $?; tar xf t.tar -C gone; echo $?; tar xf src; echo $?; echo junk > j; tar xf j; echo $?; : > e
tar tf e; echo $?; tar xzf t.tar; echo $?
