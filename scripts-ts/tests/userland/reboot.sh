reboot --help; reboot 2>&1; echo $?; reboot --cold 2>&1; echo $?; reboot x 2>&1; echo $?
echo kept > kept; doas reboot; echo back $?; cat kept
doas reboot --cold; sleep 100; echo too late
