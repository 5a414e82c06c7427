# What mkdir refuses; what is there already is no mistake with -p.
exec 2>&1
: > f; mkdir d; ln -s d l; ln -s gone b
mkdir; echo $?; mkdir d; echo $?; mkdir f; echo $?; mkdir f/x; echo $?; mkdir -p f/x; echo $?; mkdir -p f; echo $?
mkdir x/y; echo $?; mkdir l; echo $?; mkdir -p l; echo $?; mkdir l/in; ls d; mkdir b; echo $?; mkdir -p b; echo $?
mkdir /; echo $?; mkdir -p /; echo $?; mkdir . ..; echo $?; mkdir d/; echo $?; mkdir -p d/ d/z/; ls d; mkdir n m d o
echo $?; ls; mkdir -m; echo $?; mkdir -m 8 q; echo $?; mkdir -m u+rq q; echo $?; mkdir -q; echo $?; mkdir -- -d
ls -d -- -d; mkdir -p -- -d/-e; mkdir -pv p/q p/q/r p
