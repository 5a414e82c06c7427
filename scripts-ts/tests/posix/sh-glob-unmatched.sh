# What becomes of a pattern without a match.
exec 2>&1
touch here
echo no*such h* [xyz] ?; for f in *.none; do echo "<$f>"; done; set -- *.none; echo $#; v='*.none'; echo $v
shopt -s nullglob
echo a no*such b; for f in *.none; do echo never; done; set -- *.none; echo $#; list=(*.none h*); echo ${#list[@]}; echo "no*" no\* "$v" $v.
echo x > *.none2; ls; echo lit[e]ral literal 'h*'
shopt -u nullglob; shopt -s failglob
(echo no*such; echo not reached); echo $?; (for f in *.none; do echo no; done; echo no); echo $?; (x=*.none; echo "$x"); echo "*.none"
shopt -u failglob; shopt -s dotglob; touch .hidden; echo *; shopt -u dotglob; echo * .h*; shopt -q dotglob || echo off
