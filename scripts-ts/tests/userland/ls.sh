exec 2>&1
mkdir -p /tmp/ls/sub/deep; cd /tmp/ls; umask 022
echo 12345 > five; : > empty; : > .hidden; echo x > sub/inner; head -c 2000 /dev/zero > two; : > deep
ls -l five two sub/inner | tr -s ' '; ls -ln five | cut -d ' ' -f 3,4; ls -lo five | tr -s ' ' | cut -d ' ' -f 3,4; ls -g five | tr -s ' ' | cut -d ' ' -f 3,4; ls -l | head -n 1; ls --sort=name; ls --time=mtime -t five; ls -U; ls --unsorted-all | sort; ls -k five; ls --sort-size five; ls -1 --sort-time five two | wc -l
ln -s . loop; ln -s .. sub/up; ls -RL 2>&1 | tail -n 3; echo $?; ls -R | wc -l; ls -li five | wc -w; ls -l /dev/null | tr -s ' ' | cut -d ' ' -f 1-6; ls -la sub | wc -l; chmod 0 sub; ls -R sub; echo $?; ls sub/inner; echo $?; chmod 755 sub
mkdir many; cd many; seq 1 3000 | xargs touch; ls | wc -l; ls -l | wc -l; ls -C -w 200 | wc -l; cd ..; rm -r many; ls -z; echo $?; cd /; rm -r /tmp/ls
