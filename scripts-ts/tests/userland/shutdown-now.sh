exec 2>&1
doas shutdown -h +1 && echo planned; sleep 59; echo one second left
sleep 10; echo too late
