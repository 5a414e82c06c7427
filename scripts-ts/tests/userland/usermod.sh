exec 2>&1
usermod --help
doas adduser -D alice > /dev/null; doas addgroup one > /dev/null; doas addgroup two > /dev/null
doas usermod -G one alice; id alice; doas usermod -aG two alice; id alice; doas usermod --groups two alice; id alice; doas usermod --append --groups one alice; id alice; doas usermod -G '' alice; id alice
doas usermod -g one -c "A. Lice" -d /home/al -s /bin/ts alice; tail -n 1 /etc/passwd; doas usermod --gid alice --comment "" --home /home/alice --shell /bin/sh alice; tail -n 1 /etc/passwd
echo "correct horse
correct horse" | doas passwd alice; doas usermod -L alice; doas passwd -S alice; doas usermod --lock alice; doas usermod -U alice; doas passwd -S alice; doas usermod --unlock alice; doas usermod -U player; echo $?
usermod -L player; echo $?; doas usermod alice; echo $?; doas usermod -a alice; doas usermod -L -U alice; doas usermod -s sh alice; echo $?; doas usermod -g none alice; echo $?; doas usermod -c x none; echo $?
