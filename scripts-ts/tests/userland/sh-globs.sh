mkdir -p /tmp/globs/d1 /tmp/globs/d2; cd /tmp/globs
: > a; : > b; : > ab; : > abc; : > .hidden; : > d1/x; : > d2/x; : > d2/y; : > 'sp ace'; : > '*'
echo *
echo a* ?b a??
echo [ab] [!ab] [a-b]? [^a]
echo .* .h*
echo */x d?/* */
echo nothing* "a*" 'a'\* \*
echo /tmp/globs/[a]* /tmp/glob?/a
A='a*'; echo $A "$A"
ls -d "*"
set -f; echo *; set +f; echo a*
echo [ ] [] []a] [!]a]
echo sp*
cd /; rm -r /tmp/globs
