# What becomes of the files: -k -c -f -r -S, suffixes, links, what is there already.
exec 2>&1
umask 022; f() { seq 100 > a; chmod 640 a; touch -t 203001010000 a; }
f; gzip a; ls; stat -c '%a %Y' a.gz; gunzip a.gz; ls; stat -c '%a %Y' a
gzip -k a; ls; gzip -k a < /dev/null; echo $?; gzip -kf a; echo $?; rm a; gzip -dk a; ls; gunzip a < /dev/null
echo $?; gunzip -f a; ls
gzip -c a > b.gz; ls; zcat b.gz | cmp - a; zcat b; gzip -dc b.gz a.gz 2>&1 | tail -n 1; cp a x.gz; gzip -d x.gz
echo $?; ls; gzip b.gz; echo $?; mv b.gz b.tgz; gunzip b.tgz; ls b*; rm b*
ln -s a l; gzip l; echo $?; gzip -f l; ls; rm -f l.gz; mkdir -p d/e; cp a d/1; cp a d/e/2; gzip d; echo $?; gzip -r d
find d -type f | sort; gunzip -r d; find d -type f | sort; gzip -S .z a; ls a*; gunzip -S .z a.z; ls a*; gunzip a
echo $?; gzip gone; echo $?; gzip gone a; echo $?; ls; gzip -d gone; echo $?; mv a.gz A.GZ; gunzip A.GZ; echo $?; ls
