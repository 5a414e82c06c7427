# ${v:?…} ends a script with a message.
exec 2>&1
(unset v; echo ${v?}; echo no); echo "status $?"
(v=; echo ${v?}; echo fine); echo "status $?"
(v=; echo ${v:?}; echo no); echo "status $?"
(unset v; echo ${v:?is needed for $((1+1)) things}; echo no); echo "status $?"
(: "${1:?usage: prog FILE}"; echo no); echo "status $?"
(v=ok; : "${v:?no message}"; echo "$v passed"); echo "status $?"
f() { local need=${1:?f needs an argument}; echo "got $need"; }
f yes; (f 2>/dev/null; echo no); echo "status $?"
x=$(: ${nope?inside}; echo no); echo "status $? [$x]"
(list=(); : ${list[0]?empty list}; echo no); echo "status $?"
