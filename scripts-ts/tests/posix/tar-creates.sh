# Making archives: what goes in, in which order, from where, and what is said.
exec 2>&1
umask 022; mkdir -p d/e; echo 1 > d/a; echo 2 > d/e/b; ln -s a d/l; ln d/a d/h; : > d/.hid; : > 'd/s p'
tar cf t.tar d; tar tf t.tar | sort; tar cf u.tar d/a d/e d/l; tar tf u.tar; tar cvf u.tar d/a d/e
tar -cf u.tar -C d a e; tar tf u.tar; tar cf u.tar -C d . ; tar tf u.tar | sort
tar cf u.tar --exclude=e d; tar tf u.tar | sort; tar cf u.tar --exclude='d/e' --exclude='*.hid' d; tar tf u.tar | sort
tar cf u.tar --exclude='*' d; tar tf u.tar; tar cf u.tar --no-recursion d d/a; tar tf u.tar
printf 'd/a\nd/e/b\n' > list; tar cf u.tar -T list; tar tf u.tar; tar cf - d/a | tar tf -; tar c d/a | tar t
tar czf u.tgz d; tar tzf u.tgz | wc -l; tar tf u.tgz | wc -l; tar cvzf u.tgz d/a; tar -c -v -f u.tar d/e d/a
tar cf u.tar ./d/a ; tar tf u.tar; tar cf u.tar /dev/null; echo $?
tar cf u.tar gone; echo $?; tar cf u.tar gone d/a; echo $?; tar tf u.tar
for a in cf '' 'cf u.tar' 'ctf u.tar d' xyzzy; do tar $a 2>&1 | head -n 1; done; tar cf no/u.tar d; echo $?
