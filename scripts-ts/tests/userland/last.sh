exec 2>&1
last --help; last; last -1; last -n 1; last --limit 0; last reboot nobody; last -n x; echo $?
ts -e '
import { printRecords, readRecords, type SessionRecord } from "/usr/lib/users/sessions.ts";
import { writeFile } from "helios:fs";
const at = (minutes: number): number => Date.UTC(2035, 0, 1) + minutes * 60000;
const login = (minutes: number, pid: number, user: string, line: string): SessionRecord => ({ type: "login", timeMs: at(minutes), pid, user, line });
const records: SessionRecord[] = [
	{ type: "boot", timeMs: at(0) },
	login(1, 9, "ada", "pts/0"),
	{ ...login(2, 10, "bob", "pts/1"), host: "far.example" },
	{ ...login(95, 9, "ada", "pts/0"), type: "logout" },
	{ type: "down", timeMs: at(100) },
	{ type: "boot", timeMs: at(200) },
	login(201, 20, "ada", "pts/0"),
	{ type: "boot", timeMs: at(3000) },
	login(3001, 99999, "bob", "tty0"),
];
await writeFile("old", printRecords(records) + "garbage\n{\"type\":\"x\"}\nnull\n");
console.log((await readRecords("old")).length, await readRecords("none"));
'
last -f old; last --file old ada; last -f old -2 tty0 reboot
