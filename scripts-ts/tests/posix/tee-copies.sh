# Standard input into several files, added to them, and what cannot be written.
exec 2>&1
echo a | tee 1 2 > 3; cat 1 2 3
echo b | tee -a 1 > /dev/null; cat 1; echo c | tee -a new; cat new
printf 'no end' | tee 1; echo; cat 1; echo
tee 1 < /dev/null; cat 1
seq 3 | tee 1 | tail -n 1; cat 1
seq 3 | tee - | cat
ls -- -
echo x | tee no/such 2; echo $?; cat 2
echo x | tee . ; echo $?
seq 100000 | tee big | wc -l; wc -l < big
echo x | tee -q; echo $?; echo x | tee --append --ignore-interrupts 2; cat 2
