exec 2>&1
: > a; : > b; mkdir -p d/e/f; : > d/x; mkdir empty; : > 'sp ace'; : > "it's"; : > 'nl
x'; ln -s d link; ln -s none broken
rm a; ls; rm a; echo $?; rm -f a; echo $?; rm; echo $?; rm -f; echo $?; rm d; echo $?; rm -d d; echo $?; rm -d empty; echo $?; rm -v b; rm -v 'sp ace' "it's" 'nl
x' link broken; ls d
rm -r d/.; echo $?; rm -r .; echo $?; rm -rf ..; echo $?; rm -r /; echo $?; rm -r //; echo $?; rm --preserve-root -rf / ; echo $?
rm -rv d/e; rm -r d; ls; mkdir -p d/e; rm -R d; mkdir -p d/e; rm --recursive --verbose d; mkdir d; rm --dir d; rm -rf nothing nothing/at/all; echo $?; rm nothing; echo $?; : > f; rm f/x; echo $?; rm -f f/x; echo $?
echo n | rm -i f; echo " $?"; echo y | rm -i f; echo; ls; echo 1 > f; mkdir -p d/e; echo y | rm --interactive f; echo
rmdir d/e; echo 1 > d/y; echo 'y
y
n' | rm -ri d; echo; ls -A d; echo 1 > d/y; echo 'y
n' | rm -ri d; echo; ls d; echo n | rm -ri d; echo; : > 1; : > 2; : > 3; : > 4; echo n | rm -I 1 2 3 4; echo; ls; echo y | rm -I 1 2 3 4; echo; echo n | rm -rI d; echo; rm -I d; : > 1; rm -I 1; ls
: > 1; echo n | rm --interactive=always 1; echo; rm -i --interactive=never 1; : > 1; rm -if 1; echo n | rm --interactive=once -r d; echo; mkdir x; : > x/y; rm -dr x; ls -A; : > -f; rm -- -f; rm ./-f; echo $?; rm --no-preserve-root d/y nothing; echo $?; rm '' ; echo $?
