exec 2>&1
(set -x; x=1; y="a b"; for i in a $x; do :; done; case $x in 1) :;; esac; [[ a == b* ]]; ((x+1)); echo "$y" $(echo q) >/dev/null; f() { :; }; f 1; x=$(echo 5); a[1]=2; echo 'it'"'"'s' $'t\tb' '*' '' -n a=b > /dev/null)
set -o noglob; echo *; set +o noglob; echo $-; (set -eu; echo $-); (set -C; echo $-); set -f; echo /e*; set +f; echo /etc/pass[w]d; (set -a; v=1; sh -c 'echo $v'); (set -n; echo no); (set -v; echo verbose
echo lines)
set -- a b c; echo $#; set --; echo $#; set -- -x; echo $1; set - p q; echo $@; set -q; echo $?; set -o nosuch; echo $?; set +o | head -n 2; set -o | head -n 2; (set -o pipefail; false | true; echo $?; set +o pipefail; false | true; echo $?); set a b; echo $*
shopt nullglob; echo $?; shopt -s nullglob; echo nomatch*; shopt -q nullglob; echo $?; shopt -u nullglob; shopt nosuch; echo $?; shopt -p dotglob; mkdir g; : > g/.h; : > g/v; shopt -s dotglob; echo g/*; shopt -u dotglob; echo g/*; echo g/.*; (shopt -s failglob; echo nomatch*; echo no); echo $?
shopt -s expand_aliases
alias ll='echo long' e='echo ' foo='bar '
ll x
e ll
alias a1=a2 a2='echo a2'
a1
alias ll; alias | head -n 2; unalias ll; ll; echo $?; unalias nosuch; alias nosuch; echo $?; alias self='self x'; self; alias q='echo "quoted'; q rest"; alias multi='echo one; echo two'; multi; alias if2='if true'; if2; then echo aliased; fi; \e nope; unalias -a; alias
