# Programs that only have a status, and those that copy nothing.
exec 2>&1
true; echo $?; false; echo $?; $(which true) a b; echo $?; $(which false) a b; echo $?; true && echo yes
false || echo no; ! true; echo $?; true < /dev/null | false; echo $?; false | true; echo $?; $(which true) --bogus
echo $?; if env false; then echo t; else echo f; fi; env true > o; wc -c < o; sync; echo $?; echo x > f; sync f
echo $?; sync gone; echo $?; sync -d f; echo $?; tty < f; echo $?; tty -s < f; echo $?; $(which pwd) -P > /dev/null
echo $?; (cd /usr; env pwd); env pwd -q > /dev/null; echo $?; env echo -n 'a b'; env echo ' c'; env echo -e 'x\ty\c'
echo; env echo -E 'x\ty'; env echo -- -n; env echo -nz; env echo; env echo a  b '  c'
