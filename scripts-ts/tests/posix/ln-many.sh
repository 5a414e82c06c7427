# Links into directories, beside each other, replaced and asked about.
exec 2>&1
: > a; : > b; mkdir d e
ln a b d; stat -c '%h %n' a b; ln -s ../a ../b e; ls e
ln -s a; ln d/a x; ls x
ln -sv ../a e/other; ln -fv a e/other
ln -sfv gone e/other; readlink e/other
ln a nothing/; echo $?
ln -s a e/a; echo $?
echo n | ln -si new e/a; echo; echo y | ln -sif new e/a; echo; readlink e/a
ln -sb x e/a; ls e; readlink e/a~
ln -sv --suffix=.o y e/a; ls e
ln -sfn d link; ln -sfn e link; readlink link; ln -sf a link; readlink link; readlink e/a
ln -s x/y/z; readlink z; ln -s d/; echo $?
ln -f a a; ln -f d/a a; echo $?
