exec 2>&1
nothing_here; echo $?
./nothing_here; echo $?
/etc; echo $?
/etc/passwd; echo $?
echo 'echo "never runs' > /tmp/bad.sh; sh /tmp/bad.sh; echo $?
sh /tmp/none.sh; echo $?
sh -c 'echo a; echo b ) c'; echo $?
sh -c 'echo first
echo second
  && x'; echo $?
sh -c 'echo "open'; echo $?
sh -c 'a | | b'; echo $?
sh -c 'echo $(( 1 + 1 ))'; echo $?
sh -c '( echo x'; echo $?
sh -c 'echo >'; echo $?
sh -c 'cat <<END
no end'; echo $?
sh -c 'echo ${A!}'; echo $?
sh -c ';'; echo $?
sh -c '( )'; echo $?
sh -z; echo $?
sh -c; echo $?
: > /tmp/plain; /tmp/plain; echo $?
rm /tmp/plain /tmp/bad.sh
