# -n, -f, -i, -u, -v, -b and their order.
exec 2>&1
w() { for n; do echo $n > $n; done; }
w a b; mv -n a b; echo $?; cat a b
mv -nf a b; cat b; w a b; mv -fn a b; cat b
echo n | mv -fi a b; echo; cat a b
echo y | mv -nvi a b; echo; cat b
w a b; touch -t 200001010000 a; mv -u a b; cat a b; touch -t 203901010000 a; mv -uv a b; cat b
w a b c; mkdir d; mv -v a b c d
mv -vt . d/a d/b
w x; mv -b a x; cat x x~; mv --backup=t b x; ls x*
w p q; mv -S .old -b p q; ls q*
mv -vT d e
ln -s gone l; mv -v l m; readlink m
