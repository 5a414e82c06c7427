# Names in variables.
exec 2>&1
a=b; b=c; c=end
echo ${!a} ${!b} ${!c-nothing}; x=list; list=(p q r); echo ${!x}; x='list[1]'; echo ${!x}; x='list[@]'; echo ${!x}; for e in "${!x}"; do echo "<$e>"; done
set -- first second; n=2; echo ${!n} ${!#} ${!1-none}; first=value; echo ${!1}
for name in a b nope; do echo "$name=${!name:-unset}"; done
v=text; p=v; echo ${!p:1:2} ${!p^^} ${!p/t/T} ${!p#te} ${!p:+yes}
colour_red=31 colour_blue=34; for n in ${!colour_*}; do echo "$n=${!n}"; done; echo "${!colour_@}" ${!none_*}.
set_var() { local name=$1; shift; printf -v "$name" '%s' "$*"; }; set_var dynamic a b; echo "$dynamic"
key=user; eval "${key}_name=joe"; ref=${key}_name; echo ${!ref}
unset u; (echo ${!u}; echo no); echo $?; bad='not a name'; (echo ${!bad}; echo no); echo $?
declare -n alias=v; echo $alias; alias=changed; echo $v ${!alias}
