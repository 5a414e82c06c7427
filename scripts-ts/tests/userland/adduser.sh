exec 2>&1
adduser --help
doas adduser -D alice; doas adduser -u 1500 -G alice,player -c "Bob B" -d /home/bobby -s /bin/ts --disabled-password bob; doas adduser -g alice -M -D carl; doas adduser -r backup; doas adduser --system --home /var/backup other
cat /etc/passwd /etc/group; doas cat /etc/shadow; ls -l /home
doas mkdir -p /etc/skel/.config; doas cp /etc/hostname /etc/skel/.config/name; doas adduser -D --uid 1600 --ingroup player --comment "D" --shell /bin/sh --groups alice --no-create-home dora; doas adduser -D eve; ls -laR /home/eve ; cat /home/eve/.config/name
doas adduser alice bob; doas adduser alice bob; id alice; doas adduser nobody-here bob; echo $?; doas adduser alice none; echo $?
echo "correct horse
correct horse" | doas adduser fred; doas passwd -S fred; ls -d /home/fred
echo "short
fred1234
correct horse
other horse" | doas adduser greta; echo $?; doas passwd -S greta
adduser x; echo $?; doas adduser; echo $?; doas adduser 'a:b'; echo $?; doas adduser 1st; doas adduser -D player; echo $?; doas adduser -D -u 0 y; echo $?; doas adduser -D -u x y; echo $?; doas adduser -D -g none y; echo $?; doas adduser -D -G none y; doas adduser -D -d relative y; doas adduser -D -s '/bin/a:b' y; doas adduser -D -c 'a
b' y; id y; ls -a /etc | head -n 4
