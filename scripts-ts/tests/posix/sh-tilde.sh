# Where a tilde is a home.
HOME=/home/me
echo ~ ~/x ~/"y z" "~" '~' \~ a~ a/~ ~: ~/~ ~nobody_here ~nobody_here/x "~"/x ~"/x" ~\/x
v=~; echo $v; v=~/a:~/b; echo $v; v=a:~; echo $v; v=x~; echo $v; v="~/q"; echo $v $(echo "$v"); v=a=~; echo $v; echo a=~ --dir=~ x:~
export E=~/e; echo $E; for d in ~ ~/in; do echo $d; done; case ~/z in /home/me/z) echo matched;; esac; [[ ~ == /home/me ]] && echo equal; [ ~ = /home/me ] && echo same
echo ${none:-~/d} "${none:-~/d}" ${v:+~}; list=(~ ~/l); echo ${list[@]}; f() { local l=~/loc; echo $l; }; f; cat <<< ~/h; cat <<X
~ $HOME
X
PATH=~/bin:$PATH; echo ${PATH%%:*}; HOME='/home/with space'; set -- ~; echo $# "$1"; HOME='/h*'; echo ~; HOME=; echo "[$(echo ~)]"; PWD=/p OLDPWD=/o; echo ~+ ~-
