# Odd names, and colours.
exec 2>&1
umask 022; export TERM=xterm
mkdir q; cd q; : > 'x y'; : > "it's"; : > 'q"q'; : > 'a	b'; : > 'n
l'; : > '#h'; : > 'e=f'; : > '~t'; : > 'm~t'; : > '$d'; : > 'b\s'; : > '{'; : > 'a{b'; : > "both'\"x"; : > 'z
	
'
ls -1 --quoting-style=literal; ls -1 --quoting-style=shell-escape; ls -1 --quoting-style=shell-escape-always; ls -1 --quoting-style=c; ls -1 --quoting-style=escape
ls -Q; ls -b; ls -q; ls -N; ls --quote-name 'x y'; ls --escape 'x y'; ls --hide-control-chars 'x y'; ls --literal 'x y'
ls --quoting-style=shell 'x y' "it's"; ls --quoting-style=shell-always 'x y' e=f m~t
ls -C --quoting-style=shell-escape; ls -C --tabsize=4 --quoting-style=c; ls -m --quoting-style=shell-escape; ls -x -w 30 -T 0 --quoting-style=shell-escape; mkdir 's p'; : > 's p/f'; ls -R --quoting-style=shell-escape 's p'
ls 'no
thing' "no'thing" 'no	tab' 'end
'; cd ..; mkdir c; cd c
mkdir d ow tw; chmod 777 ow; chmod 1777 tw; : > f; : > x; chmod 755 x; ln -s f l; ln -s none o; : > su; chmod 4755 su; : > sg; chmod 2755 sg; mkdir st; chmod 1755 st
ls --color=always; ls --color -F; ls --color=never; ls --color=auto; ls -C --color=yes; ls -m --color=always d f x
ls -gG --time-style=+ --color=always l o; ls --color=always f; : > a.c; LS_COLORS='di=31:*.c=32:ex=33:or=41:ln=target' ls --color=always; LS_COLORS='*.c=32' ls --color=always a.c f
ls --color=x > /dev/null 2>&1; echo $?; ls --sort=x > /dev/null 2>&1; echo $?
