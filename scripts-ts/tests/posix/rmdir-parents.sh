# -p takes the parents with it as far as they are empty.
exec 2>&1
mkdir -p a/b/c d/e/f g
rmdir -p a/b/c; ls
: > d/x; rmdir -p d/e/f; echo $?; find d
rmdir -v g d; echo $?
mkdir -p p/q/r; rmdir -pv ./p/q/r; echo $?
mkdir -p p/q/r; rmdir -pv p/q/r/; echo $?
mkdir -p p/q/r p/s; rmdir -p --ignore-fail-on-non-empty p/q/r; echo $?; find p | sort
rmdir p/s/; rmdir p p; echo $?
: > f; ln -s d l; rmdir f l gone; echo $?; rmdir l/; echo $?
rmdir -- -x; echo $?
