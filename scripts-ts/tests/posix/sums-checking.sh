# Lists that are good, wrong, malformed, tagged, or name what is not there.
exec 2>&1
echo one > a; echo two > b; : > 'c d'; c() { sha256sum "$@"; echo "= $?"; }
md5sum a b 'c d' > m; sha1sum a b > s; sha256sum a b > l; md5sum -c m; sha1sum -c s; c -c l; c -c l - < l
cat l | c -c
echo changed > b; c -c l; c --quiet -c l; c --status -c l; c -w -c l; rm b; c -c l; c --ignore-missing -c l
c --quiet --ignore-missing -c l; echo two > b
{ cat l; echo garbage; echo; echo 'abc  a'; } > bad; c -c bad; c --strict -c bad; c --warn -c bad
c --strict --status -c bad; echo junk > j; c -c j; : > e; c -c e; c -c gone; c -c l gone
sha256sum --tag a b > t; cat t; c -c t; md5sum -c t; echo $?; sed 's/^/ /' l > i; c -c i; sed 's/  / */' l > st
c -c st; tr a-f A-F < l | sed 's/  A$/  a/;s/  B$/  b/' > up; c -c up; printf '%s\r\n' "$(cat l)" > cr; c -c cr
md5sum < a; md5sum -b a; md5sum -t a; md5sum a - < b; md5sum gone a; echo $?; md5sum -z a | tr '\0' '!'; echo
md5sum --quiet a; md5sum --strict a; md5sum -q a; sha512sum a b | cut -c 1-20,129-; sha1sum .; echo $?
md5sum -c --tag l
