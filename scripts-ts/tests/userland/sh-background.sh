sleep 0.2 & P=$!
[ "$P" -gt 1 ] && echo started
wait $P; echo $?
sh -c 'exit 3' & wait $!; echo $?
{ sleep 0.1; echo group; } & wait; echo waited
(echo sub) & wait
sleep 100 & kill $!; wait $!; echo $?
A=passed; false || echo $A & wait
sleep 0.3 & sleep 0.1 & wait; echo both
echo x | cat & wait
cat & wait; echo "no input"
wait 99999 2>/dev/null; echo $?
nothing_here 2>/dev/null & wait; echo $?
# The end of one child is told to whoever waits for it, though others are waited for longer.
sleep 100 & P=$!; /bin/true; sleep 0.1; kill $P; echo $?; wait $P 2>/dev/null; echo $?
