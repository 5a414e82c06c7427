# A directory copied onto, into and beside others.
exec 2>&1
umask 022
mkdir -p a/x/y; echo 1 > a/1; echo 2 > a/x/2; chmod 700 a/x; mkdir b
cp -r a b; find b | sort
cp -r a/. b; find b | sort
cp -rT a c; find c | sort
cp -r a/x a/1 c; find c | sort
cp -rv a/x n | sort
cp -r a/x/ m; ls m
stat -c '%a %n' n m
echo file > b/x2; mkdir q; : > q/a; cp -r a q; echo $?
mkdir w w/1; cp a/1 w; echo $?
cp -r gone a w; echo $?; ls w
mkdir deep; cp -r deep deep 2>&1; cp -r deep deep/in; echo $?
cp -rn a c; cp -ru a c; echo $?
