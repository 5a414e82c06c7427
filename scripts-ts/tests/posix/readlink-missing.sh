# -f wants all but the last, -e all, -m nothing.
exec 2>&1
P=$(pwd -P); mkdir d; : > f; ln -s f l; ln -s l ll; ln -s d/none dn; ln -s no/where nw; ln -s c1 c2; ln -s c2 c1
r() { local said status; said=$(readlink "$@"); status=$?; echo "${said//$P/P} $status"; }
for o in -f -e -m; do echo "== $o"; for p in f l ll d/x d/x/y dn nw no no/such c1 f/ f/x d/ d/.. ./d/../l // .; do r $o $p; done; done
r -f l f; r -en l
r -v c1; r -v f; r l c1 f
