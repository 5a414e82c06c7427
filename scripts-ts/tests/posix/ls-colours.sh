# Kinds of files in colour, by the defaults and by LS_COLORS.
umask 022; export TERM=xterm; mkdir c d; cd c
: > plain; : > run; chmod 755 run; mkdir dir; mkdir tmp; chmod 1777 tmp; mkdir open; chmod 777 open; ln -s plain link
ln -s gone lost; : > 's p'
l() { ls --color=always "$@" | sed 's/\x1b/E/g'; }
l; l -1 run dir; l -F; l -p; l -d dir tmp open; l -x plain run link; l -m dir plain lost; l -R ../c/dir ../d
LS_COLORS='di=1;34:ln=36:ex=32:*.gz=31' l; LS_COLORS='*.tar=7:*p=4' l plain 's p'; LS_COLORS='ln=target' l link lost
LS_COLORS='or=41;5:mi=42' l lost; LS_COLORS= l plain run; ls --color=never dir plain; ls --color=auto run
ls --color run | cat -v
