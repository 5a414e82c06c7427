exec 2>&1
umask 022
: > f; mkdir d; : > d/g
m() { chmod "$@"; stat -c %a f; }
for x in 644 0755 7777 0 u+x g=rx o=u a-w +x -x u=rwx,go= ug+s +t u-s,g-s,o-t a+X u+x,a+X go+w,o-r =r u=g g=u,o=g a=rwx u=,g=r,o=rw u+r-w+x ugo+rw 600 +rwx u+wx-r,o= -w =; do echo $x; m $x f; done
m -w f; m -x f; m u+rw f; m -rwx f; m a=rw f
for x in 755 2755 0755 00755 u+s g+s 755 u=rwx,g=rx g-s u-s =rwx +t 6000 g= a=rx a+X 1777; do echo $x; chmod $x d; stat -c %a d; done; chmod 755 d
chmod -v 600 f; chmod -v 600 f; chmod -c 600 f; chmod -c 644 f; chmod --verbose u+x f; chmod --changes u-x f; chmod -Rv go-r d; chmod -R a+X,u+w d; stat -c '%a %n' d d/g; chmod --recursive 700 d; stat -c '%a %n' d d/g
chmod; echo $?; chmod 644; echo $?; chmod u+q f; echo $?; chmod 8 f; echo $?; chmod 99999 f; echo $?; chmod 644 nothing f; echo $?; chmod -f 644 nothing; echo $?; chmod --silent 644 nothing; echo $?; chmod --quiet 644 nothing; echo $?; chmod u+x, f; echo $?; chmod '' f; echo $?
chmod --reference=f d/g; stat -c %a d/g; chmod --reference=nothing f; echo $?; chmod --preserve-root -R 755 /; echo $?; ln -s f l; chmod 600 l; stat -c %a f; ln -s nothing b; chmod 600 b; echo $?; chmod -R 755 .; stat -c '%a %n' f d/g; chmod -w; echo $?; chmod --no-preserve-root 600 f; stat -c %a f
