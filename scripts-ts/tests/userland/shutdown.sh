exec 2>&1
shutdown --help
doas shutdown -h +5 back soon; doas shutdown -c; doas shutdown -c; echo $?; doas shutdown --reboot 00:30; doas shutdown -H 23:59; doas shutdown -P +1; doas shutdown --power-off; doas shutdown --halt +1; doas shutdown --poweroff +1; doas shutdown -r +1; doas shutdown --cancel
shutdown +5; echo $?; doas shutdown 25:00; echo $?; doas shutdown +9999999; doas shutdown -c now; doas shutdown -x
sleep 70; echo still here
