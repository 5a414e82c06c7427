# -i asks for each, -I once, and anything but y and Y is no.
exec 2>&1
f() { : > a; : > b; : > c; }
f; printf 'y\nn\ny\n' | rm -i a b c; echo; ls
f; printf 'Y\nyes\nnope\n' | rm -i a b c; echo; ls
f; rm -i a < /dev/null; echo; ls
f; : > d; echo n | rm -I a b c d; echo; ls; echo y | rm -I a b c d; echo
f; rm -I a b c; ls
mkdir -p d/e; printf 'y\nn\ny\n' | rm -ri d; echo; find d | sort
: > d/e/f; printf 'y\ny\nn\ny\ny\n' | rm -ri d; echo; find d | sort
printf 'y\ny\ny\ny\ny\n' | rm -ri d; echo; ls
f; echo text > a; echo y | rm -fi a; echo; rm -if b c; ls
mkdir d; echo y | rm -di d; echo; ls
