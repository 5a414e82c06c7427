# stty, script, reset, watch, tty, ls on a terminal
exec 2>&1
cd /tmp
script -qc 'stty -a; stty -echo; stty; stty raw; stty; stty sane; stty; stty size; stty speed; stty rows 30 cols 100; stty size; tty; tput cols; tput lines; stty -g; stty intr ^X eof undef erase 8 kill ^-; stty; stty cbreak; stty; stty -cbreak nl; stty; stty -nl ek crt dec; stty; stty cooked; stty min 5 time 3 -icanon; stty; stty -F /dev/tty size; stty --file=/dev/tty --save; stty columns 80; stty --all | head -n 1; stty $(stty -g); stty foo; stty rows; stty rows x; stty intr abc; reset -s; reset -c; reset -q; reset | od -c | head -n 1' log; echo $?
sed 's/20[0-9-]* [0-9:+]*/WHEN/' log | head -n 1; tail -n 1 log | sed 's/20[0-9-]* [0-9:+]*/WHEN/'
script -c 'exit 3' log; echo $?; script -e -c 'exit 3' log | wc -l; script -q --return --command 'exit 4' log; echo $?; script -aq -c 'echo more' log; grep -c more log; script -f -q -c true log; script --flush --quiet --append -c true log; script /nothing/x; echo $?; script a b; echo $?; script -z; echo $?
mkdir t; cd t; mkdir d; : > 'x y'; : > f; ln -s f l; : > a.tar; chmod 755 f; TERM=xterm script -qc 'ls; ls -C --color=never; ls -l | cut -c 1-10' ../log; cd ..; rm -r t
timeout 2 watch -n 1 -t echo hi; echo $?; timeout 2 watch -t -n 0.5 'echo x; date +%S%N' | grep -c x; watch -n 0.2 -t -g date +%N > /dev/null; echo $?; watch -e -t false; echo $?; watch -x -t -e false; watch -b -e -t -n 1 false; timeout 1 watch -d -t -n 0.4 date +%N | wc -l; timeout 1 watch -c -w -t echo wide; timeout 1 watch -n 5 true | cut -c 1-30; watch; echo $?; watch -n x true; echo $?; watch --beep --errexit --no-title --exec --color --no-wrap --differences false; echo $?; watch --chgexit --interval=0.1 --no-title date +%N > /dev/null; echo $?
rm -f log
