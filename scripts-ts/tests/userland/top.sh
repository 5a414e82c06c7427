top -b -n 1 -c | head -7 | tail -2
top -b -n 2 -d 0.2 -i -p 1 | tail -1
top -b -n 1 -p 1,2 -u root | tail -1
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
