exec 2>&1
cd /etc; pwd; cd; pwd; cd -; cd ..; pwd; cd /etc/caps/../..; pwd; cd .
cd /nowhere; echo $?; cd /etc/issue; echo $?
echo -n a; echo -e 'b\tc'; echo -n; echo -- x
type echo cat nothing; echo $?
eval 'A=1; echo $A'; eval echo '"$A  $A"'; eval; echo $?
umask; umask 077; umask; umask 9; echo $?; (umask 0; umask); umask
: ignored; echo $?
true x; echo $?; false x; echo $?
set a b; echo $# $1; set --; echo $#; set -- -x; echo $1
exit abc; echo not here
