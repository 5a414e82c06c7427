# Whole paths below a directory, and directories that are made for them.
exec 2>&1
umask 022; mkdir -p a/b/c t; echo 1 > a/b/c/f; echo 2 > a/g; chmod 700 a/b
cp --parents a/b/c/f t; find t | sort; stat -c %a t/a/b; cp --parents a/g a/b/c/f t; cp -r --parents a/b t
find t | sort; cp --parents -v a/g t; cp --parents ./a/g t; cp --parents a/g gone; echo $?; cp --parents a/b t
echo $?; cp --parents gone/x t; echo $?; mkdir u; cd a; cp --parents ../a/g ../u; cd ..; find u | sort
cp --parents "$PWD/a/g" u 2> /dev/null; find u -name g | wc -l; cp -r a/. u/whole; ls u/whole; cp -r a/b/.. v; ls v
