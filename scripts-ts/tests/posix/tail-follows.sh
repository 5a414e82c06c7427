# tail -f ends with the process it waits for, and follows what is added.
exec 2>&1
seq 3 > f; (sleep 0.3; echo 4 >> f; echo 5 >> f; sleep 0.3) & p=$!
timeout 5 tail -n 1 -s 0.1 --pid=$p -f f
(sleep 0.2; echo more) | tail -f -n 2 | head -n 1
seq 5 | tail -f; timeout 0.3 tail -n 1 -f f; echo $?
timeout 0.3 tail -f gone; echo $?
echo x > g; timeout 0.3 tail -n 1 -f f g; echo $?
