# -v tells everything, -c only changes, -R goes down, links are followed.
exec 2>&1
umask 022
mkdir -p d/e; : > d/f; : > d/e/g; ln -s f d/l
chmod -v 644 d/f; chmod -v 600 d/f; chmod -c 600 d/f; chmod -c u+x d/f
chmod -vR u=rwX,go=rX d | sort
chmod -cR 700 d | sort
chmod -R g+rx d d/e; stat -c '%a %n' d d/e d/f d/e/g
chmod -v 755 gone; echo $?; chmod -fv 755 gone; echo $?
ln -s gone b; chmod 700 b; echo $?; chmod -v +x d/l
chmod 4755 d/f; chmod -v 755 d/f; chmod -v 7000 d/f
chmod -v --reference=d/e d/f
chmod u+x d/f gone d/e; echo $?
chmod -v -w d/f; chmod -v -- -r d/f
