# -r goes into everything and follows no link; -v says what goes, in order.
exec 2>&1
mkdir -p t/a/b; : > t/a/b/f; mkdir keep; : > keep/k; ln -s ../keep t/l; ln -s ../keep/k t/a/m
rm -rv t/a
rm -r t; ls; ls keep
mkdir -p d/e; rm d/e; rm -f d/e; echo $?
rm -d d; echo $?; rm -dv d/e d; ls
ln -s keep l; rm l/; echo $?; rm -r l/ ; echo $?; ls
rm -rf l; ls
rm -r gone; echo $?; rm -rf gone; echo $?
rm .; rm ..; rm -r ./ ; rm -r keep/.. ; echo $?; ls
mkdir -p x/y x/z; : > x/y/1; rm -rv x/y x/z; rm -rfv x nothing
