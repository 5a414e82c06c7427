reboot --help; reboot 2>&1; echo $?; reboot x 2>&1; echo $?
doas reboot; sleep 100; echo too late
