exec 2>&1
cd /; pwd; cd /usr/lib/..; pwd; cd -; cd ""; pwd; cd /nope; echo $?; cd /etc/passwd; echo $?; cd a b; echo $?; echo $OLDPWD $PWD; (cd /etc; pwd); pwd; cd /usr && cd ./lib && pwd; cd ..; pwd; cd -- /; pwd; unset HOME; cd; echo $?; HOME=/usr; cd; pwd; cd ~/lib; pwd; cd -L /; cd -P /usr; pwd
cd /; pushd /usr; dirs; pushd /etc; dirs -v; pushd; pushd +2; popd; popd -0; dirs -p; popd; popd; echo $?; pushd; pushd /nope; dirs -c; dirs -l; pushd -n /tmp; dirs; popd +9; CDPATH=/usr; cd lib; pwd; cd /; CDPATH=; pwd -P
umask 022; umask; umask 027; umask; umask -S; umask u=rwx,g=,o=; umask; umask g+w; umask -p; umask -S a=rx; umask 9; umask x; umask u+z; echo $?; (umask 0); umask
