exec 2>&1
mkdir -p /tmp/redirect; cd /tmp/redirect; rm -rf *
echo one > f; cat f; echo two >> f; cat < f
echo three >f; wc -l <f
cat < f > g; cat g
echo out; sh -c 'echo out; echo err >&2' > o 2> e; cat o; cat e
sh -c 'echo out; echo err >&2' > both 2>&1; cat both
sh -c 'echo out; echo err >&2' &> amp; cat amp
sh -c 'echo out; echo err >&2' &>> amp; wc -l < amp
sh -c 'echo out; echo err >&2' 2>&1 > /dev/null
sh -c 'echo out; echo err >&2' 2> /dev/null
> empty; wc -c < empty; ls
2>x echo word; cat x
cat < missing; echo $?
echo x > no/such; echo $?
echo x > /tmp; echo $?
echo x >&9; echo $?
{ echo a; echo b; } > group; cat group
(echo c; cat) < group > sub; cat sub
exec 3> three; echo to three >&3; exec 3>&-; cat three
echo gone >&3; echo $?
exec 4< f; cat <&4
echo 2>f; cat f
F=name; echo x > $F.txt; cat name.txt
echo a >| f; cat f
cat <> f
cd /; rm -r /tmp/redirect
