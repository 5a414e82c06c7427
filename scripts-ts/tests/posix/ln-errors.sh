# What ln refuses.
exec 2>&1
echo f > f; mkdir d; ln -s gone b
ln; echo $?; ln gone x; echo $?; ln f f; echo $?; ln -s f f; echo $?; ln -sf f f; echo $?; ln d x; echo $?
ln f gone/x; echo $?; ln -s x gone/x; echo $?; ln f d; ln f d; echo $?; ln -f f d; echo $?; ln f f/x; echo $?
ln -s f d f; echo $?; ln -t gone f; echo $?; ln -t f f; echo $?; ln -T f d; echo $?; ln -sfT f d; echo $?; ln -T f
echo $?; ln -r f x; echo $?; ln -q f x; echo $?; ln '' x; echo $?; ln f ''; echo $?; ln b c; stat -c %F c; ln -L b e
echo $?; ln -s '' e; echo $?; ln f/ x; echo $?; ln -s f/ y; readlink y; ln -s a b c d; ls d
