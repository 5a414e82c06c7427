# -depth, -maxdepth, -mindepth, -prune and -delete.
exec 2>&1
mkdir -p t/a/b/c t/skip/x; : > t/a/1; : > t/a/b/2; : > t/a/b/c/3; : > t/skip/4
find t/a/b/c t/skip/x -depth
find t -maxdepth 0; find t -maxdepth 1 | sort; find t -mindepth 3 | sort; find t -mindepth 2 -maxdepth 2 | sort
find t -name skip -prune -o -print | sort
find t -path t/skip -prune -o -type f -print | sort
find t \( -name b -o -name skip \) -prune -o -name '[0-9]' -print | sort
find t -prune; find t/a t/skip -prune -print
find t -depth -name skip -prune -o -print | sort
find t -type d -name c -prune -print
find t -name '[23]' -delete -print | sort; find t -type f | sort
find t -mindepth 1 -type d -empty -delete; find t | sort
find t -name a -delete; echo $?; find t -maxdepth x; find t -mindepth -1; echo $?
