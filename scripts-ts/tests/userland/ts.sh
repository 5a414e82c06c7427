exec 2>&1
mkdir -p /tmp/ts; cd /tmp/ts
echo 'import { args } from "helios:process"; import { twice } from "./lib.ts"; const n: number = twice(21); console.log(n, args.join());' > main.ts
echo 'export const twice = (x: number): number => x * 2;' > lib.ts
ts main.ts a b; echo $?
ts -e 'console.log(1 + 1)'; ts -p '[1, 2].length'; echo 'console.log("stdin")' | ts; echo 'import { args } from "helios:process"; console.log(args[0])' | ts - arg
ts -e 'import { exit } from "helios:process"; exit(5)'; echo $?
ts missing.ts; echo $?
ts -e 'enum E { A = 3 } class C { constructor(readonly x: number) {} } console.log(E.A, new C(4).x)'
ts -e 'throw new Error("boom")' > err 2>&1; echo $?; [ -s err ] && echo said
ts -e 'const x = ;' > err 2>&1; echo $?; [ -s err ] && echo said
ts -z; echo $?
echo '#!/bin/ts
import { argv0, args } from "helios:process"; console.log("direct", args.length);' > run; ts -e 'import { chmod } from "helios:fs"; await chmod("run", 0o755)'
./run x; echo $?
ts -e 'while (true) {}' & sleep 0.1; kill $!; wait $!; echo $?; sleep 0.1; ps | { read HEAD; cat; } | wc -l
ts -e 'import "/missing.ts"'; echo $?
cd /; rm -r /tmp/ts
