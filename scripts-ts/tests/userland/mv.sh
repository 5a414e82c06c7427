exec 2>&1
mkdir -p /tmp/mv; cd /tmp/mv
echo one > a; echo two > b; mkdir d e
mv a c; ls; mv c b; cat b; ls; mv -v b x; mv x d; ls d; mv d e; ls e; ls e/d
: > p; : > q; mv p q e; ls e; mv -n e/p e/q; ls e; mv -T e r; ls
mv missing z; echo $?; mv r; echo $?; mv; echo $?; : > p; : > q; mv p q nowhere; echo $?
mv r r/d; echo $?; mv p p; echo $?; mv r p; echo $?; mkdir s s/p; mv p s; echo $?; mkdir t; mv -T t r; echo $?
mv p no/such; echo $?
cd /; rm -r /tmp/mv
