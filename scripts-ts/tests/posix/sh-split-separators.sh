# Splitting at characters that are no blanks: each ends a field.
show() { printf '%s:' $#; printf ' <%s>' "$@"; echo; }
IFS=:
for v in a:b a::b :a a: : :: ::: a:b: '' 'a b:c d' ' a : b '; do show $v; done
v=a:b; show x$v:y; show $v$v; show "$v":$v; show $v:; show :$v; show ${none-a:b}; show ${none-"a:b"}; show a:b
path=/bin:/usr/bin::/sbin; for p in $path; do echo "[$p]"; done
IFS=:,; v=a,b:c,:d; show $v; IFS=x; v=axxb; show $v; IFS=ab; v=1a2b3ab4; show $v
IFS=.; set -- 192.168.1.10; show $*; addr=192.168.1.10; set -- $addr; echo "$4-$1"; echo "$*"
IFS='\'; v='a\b\\c'; show $v; IFS='*'; v='a*b'; show $v; IFS=-; v=2035-01-02; show $v
