exec 2>&1
cd /tmp
echo 'import { readTextFile, writeFile } from "helios:fs"; console.log((await readTextFile("/etc/hostname")).trim()); await writeFile("/tmp/made", "x"); console.log("written");' > p.ts
ts p.ts; cat made; echo
ts -e 'import { info } from "helios:process"; console.log((await info()).caps.join(" "))'
cat /etc/caps/cat.json
rm p.ts made
