# What is measured differs; who it is measured of does not.
columns() { (read pid user priority nice memory state cpu share time command; echo $pid $user $priority $nice $command); }
top -b -n 1 -p 1 -c | tail -n 1 | columns
top -b -n 1 -p 1 | tail -n 2 | head -n 1
top --batch-mode --iterations=2 --delay=0.1 --pid=1,99999 | wc -l
top -b -n 1 -d 1.5 -u root -p 1 | tail -n 1 | columns
top -b -n 1 -u 1000 -p 1 | wc -l
top -b -n 2 -d .2 -i -p 1 | head -n 3 | tail -n 1 | (read label rest; echo $label)
echo "-- mistakes"
top
echo $?
top -b -d x
echo $?
top -n 0
top -u nobody-there
top -p x
top word
echo $?
top --help
