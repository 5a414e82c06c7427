exec 2>&1
echo one > a; echo two > b; mkdir d e
mv a c; ls; mv c b; cat b; ls; mv -v b x; mv x d; ls d; mv d e; ls e; ls e/d
: > p; : > q; mv p q e; ls e; mv -n e/p e/q; ls e; mv -T e r; ls; mv --no-clobber r/p r/q; ls r; mv --verbose r/p r/pp; mv --no-target-directory r/pp r/p
mv missing z; echo $?; mv r; echo $?; mv; echo $?; : > p; : > q; mv p q nowhere; echo $?
mv r r/d; echo $?; mv p p; echo $?; mv r p; echo $?; mkdir s s/p; mv p s; echo $?; mkdir t; mv -T t r; echo $?
mv p no/such; echo $?; mv -t nowhere p; echo $?; mv -t t p q; ls t; echo $?; mv --target-directory=s t/q; ls s; mv -T t/p a b; echo $?
echo 1 > f; echo 2 > g; echo n | mv -i f g; echo; cat g; echo y | mv --interactive f g; echo; cat g; ls f; echo 1 > f; mv -if f g; cat g; echo 3 > f; mv -f f g; mv --force g h; cat h
touch -t 202001010000 o; touch -t 202101010000 n; mv -u o n; ls o n; mv --update n o; ls o n; mv --strip-trailing-slashes s/ s2; ls s2; mkdir dd; : > dd/x; ln -s dd dl; mv h dl; ls dd; mv dl/ dm; echo $?; mv dl dm; readlink dm
mkdir m1 m2 m2/m1; : > m2/m1/f; mv m1 m2; echo $?; mv f/ x; echo $?; mv o/ x; echo $?; mkdir 'sp ace'; mv -v 'sp ace' "it's"
