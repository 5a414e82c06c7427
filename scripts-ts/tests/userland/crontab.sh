exec 2>&1
crontab --help
cat > table <<'X'
# a comment
GREETING = "hello there"
* * * * * echo $GREETING $LOGNAME $HOME; pwd; cat%line one%50\% off
@reboot true
X
crontab -l; echo $?; crontab table; echo $?; crontab --list; sleep 61; tail -n +5 /var/mail/player | head -n 20; ls -l /var/mail/player | { read MODE N U G REST; echo $MODE $U $G; }
echo 'MAILTO=
* * * * * echo not mailed; echo ran > ran' | crontab -; sleep 60; cat ran; wc -l /var/mail/player
EDITOR=true crontab -e; EDITOR=false crontab -e; echo $?; cat > editor <<'X'
#!/bin/sh
echo '0 5 * * 1 echo monday' > "$1"
X
ts -e 'import { chmod } from "helios:fs"; await chmod("editor", 0o755)'; VISUAL=./editor crontab --edit; crontab -l; EDITOR=nonesuch crontab -e; echo $?
crontab -r; crontab --remove; echo $?
doas crontab -u player table; crontab -l | head -n 1; doas crontab --user player -r; crontab -u root -l; echo $?; doas crontab -u none -l; echo $?
crontab; echo $?; crontab none; echo $?; crontab -l -r; echo $?; crontab a b; echo $?; head -c 40000 /dev/zero | crontab -; echo $?; head -c 100 /dev/zero | crontab -; echo $?
