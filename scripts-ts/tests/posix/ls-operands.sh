# Files come before directories, in the order of the sort; headings where there are several; every miss is told first.
exec 2>&1
mkdir b a c; : > a/1; : > b/2; : > y; : > x; ln -s a la; ln -s x lx
ls b y a x
ls -r b y a x
ls a
ls a b
ls la lx
ls -l la | cut -c 1
ls la/
ls -d a b y
ls -dF a la lx
ls nothing a y gone; echo $?
ls c; ls -a c; ls -A c; ls -R c
ls -- -l; echo $?
ls a/1/; echo $?
ls ''; echo $?
