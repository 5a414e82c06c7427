# What ls -l shows, without owners and without times of now.
exec 2>&1
umask 022
mkdir d; echo 12345 > b; head -c 2000 /dev/zero > c; head -c 1048577 /dev/zero > big; : > a; ln -s b link; ln -s none broken
chmod 4755 a; chmod 640 c; chmod 1777 d; touch -t 203501020304.05 a b c big; touch -t 200001020304 big
ls -gG a b c big; ls -goh c big a; ls -l --no-group -g --time-style=long-iso b c
ls -gGh --si big c; ls -oGg --time-style=+%Y big; ls -gG --full-time a; ls -gG --time-style=full-iso b; ls -gG --time-style=iso b
ls -gG --time-style=long-iso -r a b c; ls -gGS a b c; ls -gGs b c; ls -gG1 b; ls -gG --format=long b; ls -gG --format=verbose b; ls -gGt a b big
ls -gGL link --time-style=long-iso; ls -gGH link --time-style=long-iso; ls -gG --human-readable big c
ls -gG --time-style=+ link broken; ls -gGF --time-style=+ link
ls -gG --time-style=+x /dev/null /dev/zero
set -- $(ls -i b); echo $# $2; set -- $(ls --inode -gG b); echo $#; set -- $(ls -n b); echo $# $1 $5; set -- $(ls --numeric-uid-gid b); echo $#; set -- $(ls -l b); echo $# $1 $5; set -- $(ls -o b); echo $#
ls -c b; ls --time=ctime b; set -- $(ls -lc b); echo $#
mkdir e; cp -p b c e; ls -gG e; ls -gGh e; ls -gGR e; ls -s e; ls -l e/nothing; echo $?
