# Trees: the heading of each directory, in sorted order, links not followed.
exec 2>&1
mkdir -p t/b/c t/a t/.h; : > t/f; : > t/b/g; : > t/b/c/h; : > t/.h/i; ln -s ../b t/a/l
ls -R t
ls -RA t
ls -RF t/b t/a
ls -R1 t/b
ls -Rr t
ls -R t/f t/a
ls -Rd t
ls -RL t/a
ls -Rm t
mkdir e; ls -R e t/a
