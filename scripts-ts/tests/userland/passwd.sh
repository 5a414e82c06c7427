exec 2>&1
passwd --help
passwd -S; passwd; echo $?; passwd root; echo $?; passwd -S root; echo $?; passwd -l; echo $?
echo "correct horse
correct horse" | doas passwd player; passwd --status
echo "wrong" | passwd; echo $?
echo "correct horse
battery staple
battery staple" | passwd; echo "correct horse" | passwd; echo $?
echo "battery staple
short" | passwd; echo $?; echo "battery staple
my player name" | passwd; echo "battery staple
aaaaaaaaaa" | passwd; echo "battery staple
correct horse
correct house" | passwd; echo $?; echo "battery staple" | passwd; echo $?
doas passwd -l player; passwd -S; echo "battery staple" | passwd; echo $?; doas passwd --unlock player; passwd -S; doas passwd --lock root; doas passwd -u root; echo $?
doas passwd -d player; passwd -S; echo "abc
abc" | doas passwd player; passwd -S; doas passwd --delete player; doas passwd none; echo $?; doas passwd -l -d player; echo $?
ls -l /etc/shadow | { read MODE N U G REST; echo $MODE $U $G; }; cat /etc/shadow; ls -a /etc | head -n 4
