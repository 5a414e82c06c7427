# Files onto files, directories onto directories, and what must not be.
exec 2>&1
mkdir -p full/x empty sub/inner; echo 1 > f; echo 2 > g
mv f g; cat g; ls
mv empty full; find full | sort
mv -T full/empty sub/inner; find sub | sort
mv -T full sub; echo $?
mv g full/x/; cat full/x/g
mv full full/x; echo $?
mv full full; echo $?
mv full/x/g full/x; echo $?
: > h; mv h full/x/g; ls full/x
mv full sub/inner/; find . | sort
mv sub h; ls; mv h/ k; ls
mv -t k gone; echo $?
