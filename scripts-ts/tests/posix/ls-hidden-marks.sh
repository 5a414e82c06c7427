# -a and -A, marks of kinds, and what they leave alone.
exec 2>&1
umask 022
mkdir d; : > .x; : > ..y; : > f; : > run; chmod 755 run; ln -s d ld; ln -s run lr; ln -s gone lg
ls -a; ls -A; ls -Aa | wc -l; ls -aA | wc -l
ls -F; ls -pF; ls -Fp; ls --file-type -F
ls -p; ls --indicator-style=slash; ls --indicator-style=none -F; ls -F --indicator-style=none
ls --indicator-style=classify; ls --indicator-style=file-type
ls -LF lr ld
ls -dF */
ls -F ld lr lg
ls -L lg; echo $?
ls --indicator-style=x 2>&1 | head -n 1
