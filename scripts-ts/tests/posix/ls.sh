# Names, orders and columns.
exec 2>&1
umask 022
mkdir d; echo 12345 > b; : > a.txt; : > .hidden; head -c 2000 /dev/zero > c; mkdir d/e; : > d/e/f; : > 'x y'; ln -s b link; ln -s none broken; chmod 755 a.txt; : > old~
echo == names; ls; ls -a; ls -A; ls -r; ls -1 d; ls d b; ls -d d b .; ls --all d; ls --almost-all d; ls --directory d; ls --reverse d b
echo == columns; ls -C; ls -x; ls -m; ls -C -w 20; ls -x -w 20; ls -m -w 20; ls -w 0 -C; ls --format=commas --width=30; ls --format=across; ls --format=vertical; ls --format=single-column
echo == marks; ls -F; ls -p; ls --file-type; ls --classify=always; ls --classify=never; ls -F d link; ls -pd d
echo == order; ls -S a.txt b c; ls -Sr a.txt b c; ls -X; ls -U d; ls --sort=size a.txt b c; ls --sort=extension; ls --sort=width; : > v9; : > v10; : > v1; ls -v v1 v9 v10; ls --sort=version v1 v10 v9; ls -f d/e/f; ls --group-directories-first
touch -t 203501010000 b; touch -t 203401010000 c; ls -t b c; ls -tr b c; ls --sort=time b c; ls -U b c; ls --sort=none c b
echo == hidden; ls -B; ls --ignore-backups; ls -I '*.txt'; ls --ignore 'v*' -I '[a-c]*'; ls --hide='?'; ls -A --hide='?'
echo == recursive; ls -R; ls -R d d/e; ls --recursive d
echo == blocks; ls -s b c a.txt; ls -sk b; ls -sh b c; ls --size b; ls -s1 --si b; ls --kibibytes b
echo == links; ls -L link; ls -F broken link; ls -H link; ls --dereference link; ls -d --dereference-command-line link
echo == errors; ls missing; echo $?; ls missing b; echo $?; ls -w x; echo $?
