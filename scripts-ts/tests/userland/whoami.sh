exec 2>&1
whoami --help; whoami; doas whoami; whoami x; echo $?
ts -e 'import { spawn } from "helios:process"; await (await spawn({ path: "/bin/doas", args: ["ts", "-e", "import { spawn } from \"helios:process\"; await (await spawn({ path: \"/bin/whoami\", uid: 4242, gid: 4242, groups: [] })).wait()"] })).wait()'
