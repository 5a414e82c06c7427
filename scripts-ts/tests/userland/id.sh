exec 2>&1
id --help; id; id root; id 1000; doas adduser -D zoe > /dev/null; doas addgroup -g 2000 staff; doas adduser zoe staff; id zoe
id -u; id -g; id -G; id -un; id -gn zoe; id -Gn zoe; id -ur; id -gr; id --user --name --real; id --group --name; id --groups
doas id; doas id -u; doas -u zoe id -G
id nobody-here root; echo $?; id -ug; echo $?; id -n; echo $?; id -x; echo $?
ts -e 'import { setCredentials } from "helios:process"; await setCredentials({ uid: 0 }).catch((error) => console.log(error.code))'
