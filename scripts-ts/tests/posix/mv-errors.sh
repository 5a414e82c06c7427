# What mv refuses.
exec 2>&1
echo f > f; echo g > g; mkdir -p d/sub e/f; ln -s gone b; ln f hard
mv; echo $?; mv f; echo $?; mv gone x; echo $?; mv f f; echo $?; mv f ./f; echo $?; mv d d; echo $?; mv d d/sub
echo $?; mv d d/x; echo $?; mv f gone/x; echo $?; mv f gone/; echo $?; mv f/ x; echo $?; mv f f/x; echo $?; mv d f
echo $?; mv f e; echo $?; mv -T f d; echo $?; mv f g gone; echo $?; mv f g b; echo $?; mv -t gone f; echo $?
mv -t f g; echo $?; mv -q f x; echo $?; mv '' x; echo $?; mv -T d e; echo $?; mv b d; ls d; mv d/sub/ s; ls; mv s/ s2/
ls; mv gone f d; echo $?; ls d; mv hard f 2>&1; ls
