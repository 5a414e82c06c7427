# What people do with directories: braces, links, modes and times of all below.
mkdir -p q/src/lib; for f in a.c b.c lib/x.h; do echo "/* $f */" > q/src/$f; done
mkdir -p x/{a,b}/{1,2}; find x | wc -l; rm -r x; ls -d */; mv q/src r; ls r; ln -s r/a.c l; cat l
readlink -f l | sed 's|.*/||'; chmod -R go-rwx r; stat -c %a r r/a.c; touch -d 2020-01-01 r/*
find r -mtime +100 | sort
