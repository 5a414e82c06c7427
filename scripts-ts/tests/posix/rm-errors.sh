# What rm refuses and what it lets pass.
exec 2>&1
: > f; mkdir -p d/e; ln -s gone l
rm; echo $?; rm -f; echo $?; rm gone; echo $?; rm -f gone; echo $?; rm d; echo $?; rm -f d; echo $?; rm -d d; echo $?
rm f/; echo $?; rm f/x; echo $?; rm -f f/x; echo $?; rm ''; echo $?; rm -f ''; echo $?; rm l; ls; rm -r .; echo $?
rm -rf . ..; echo $?; rm -q f; echo $?; rm --interactive=x f; echo $?; rm -- -x; echo $?; : > -x; rm ./-x; ls
rm f gone d/e; echo $?; ls; rm -rf d gone; echo $?; rm -rv d; echo $?; ls
