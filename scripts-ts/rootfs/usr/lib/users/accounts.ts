/** Users and groups, as `/etc/passwd` and `/etc/group` have them, and passwords, as `/etc/shadow` has them. */

import { isSystemError } from "helios:errors";
import { readTextFile } from "helios:fs";

/** Where users are. */
export const PASSWD = "/etc/passwd";
/** Where groups are. */
export const GROUP = "/etc/group";
/** Where passwords are; nobody but root reads it. */
export const SHADOW = "/etc/shadow";

/** A line of `/etc/passwd`. */
export interface User {
	name: string;
	/** `x`: the password is in `/etc/shadow`. */
	password: string;
	uid: number;
	gid: number;
	/** Full name and whatever else people write there. */
	gecos: string;
	home: string;
	shell: string;
}

/** A line of `/etc/group`. */
export interface Group {
	name: string;
	password: string;
	gid: number;
	members: string[];
}

/** A line of `/etc/shadow`. */
export interface Shadow {
	name: string;
	/** A hash in the PHC string format; with `!` or `*` in front no password is right. */
	hash: string;
	/** Days since the Unix epoch on which it was set; empty where nobody knows. */
	changed: string;
	/** The other fields, which nothing here looks at: ages and expiry, as other tools may set them. */
	rest: string[];
}

/** What one file's lines mean. */
export interface Format<Row> {
	/** The row of a line's fields, or `undefined` where they are none. */
	parse(fields: string[]): Row | undefined;
	/** The line of a row. */
	print(row: Row): string;
}

/** The largest id: 2^32 - 1 means "none" in other places. */
export const MAX_ID = 4_294_967_294;

/** The number of an id's text, or `undefined`. */
export function parseId(text: string): number | undefined {
	const id = /^\d{1,10}$/.test(text) ? Number(text) : undefined;
	return id !== undefined && id <= MAX_ID ? id : undefined;
}

/** `/etc/passwd`. */
export const USERS: Format<User> = {
	parse([name = "", password = "", uid = "", gid = "", gecos = "", home = "", shell = "", ...more]) {
		const [user, group] = [parseId(uid), parseId(gid)];
		if (name === "" || user === undefined || group === undefined || more.length > 0) return undefined;
		return { name, password, uid: user, gid: group, gecos, home: home || "/", shell: shell || "/bin/sh" };
	},
	print: ({ name, password, uid, gid, gecos, home, shell }) => [name, password, uid, gid, gecos, home, shell].join(":"),
};

/** `/etc/group`. */
export const GROUPS: Format<Group> = {
	parse([name = "", password = "", gid = "", members = "", ...more]) {
		const group = parseId(gid);
		if (name === "" || group === undefined || more.length > 0) return undefined;
		return { name, password, gid: group, members: members.split(",").filter((member) => member !== "") };
	},
	print: ({ name, password, gid, members }) => [name, password, gid, members.join(",")].join(":"),
};

/** `/etc/shadow`. */
export const SHADOWS: Format<Shadow> = {
	parse([name = "", hash, changed = "", ...rest]) {
		return name === "" || hash === undefined ? undefined : { name, hash, changed, rest };
	},
	print: ({ name, hash, changed, rest }) => [name, hash, changed, ...rest].join(":"),
};

/** A file's lines with what they mean. Comments, and lines that mean nothing, stay where they are. */
export class Table<Row extends { name: string }> {
	readonly #format: Format<Row>;
	#lines: { text: string; row?: Row }[];

	constructor(format: Format<Row>, text: string) {
		this.#format = format;
		const lines = text.split("\n");
		if (lines.at(-1) === "") lines.pop();
		this.#lines = lines.map((line) => {
			const row = line.startsWith("#") ? undefined : format.parse(line.split(":"));
			return row === undefined ? { text: line } : { text: line, row };
		});
	}

	/** Every row, in the order of the file. */
	get rows(): Row[] {
		return this.#lines.flatMap(({ row }) => (row === undefined ? [] : [row]));
	}

	/** The first row of a name. */
	get(name: string): Row | undefined {
		return this.rows.find((row) => row.name === name);
	}

	/** Adds a row at the end, or puts it in the place of the row with its name. */
	put(row: Row): void {
		const line = { text: this.#format.print(row), row };
		const at = this.#lines.findIndex((each) => each.row?.name === row.name);
		if (at < 0) this.#lines.push(line);
		else this.#lines[at] = line;
	}

	/** Takes out every row of a name; answers whether there was one. */
	remove(name: string): boolean {
		const before = this.#lines.length;
		this.#lines = this.#lines.filter((each) => each.row?.name !== name);
		return this.#lines.length < before;
	}

	/** The file. */
	toString(): string {
		return this.#lines.map(({ text }) => `${text}\n`).join("");
	}
}

/** Reads a file of rows; one that is not there is empty. */
export async function readTable<Row extends { name: string }>(path: string, format: Format<Row>): Promise<Table<Row>> {
	try {
		return new Table(format, await readTextFile(path));
	} catch (error) {
		if (isSystemError(error, "ENOENT", "ENOTDIR")) return new Table(format, "");
		throw error;
	}
}

/** The rows of a file, for those who only look. To whom it is closed, it is empty: numbers then stand for names. */
async function look<Row extends { name: string }>(path: string, format: Format<Row>): Promise<Row[]> {
	try {
		return (await readTable(path, format)).rows;
	} catch (error) {
		if (isSystemError(error, "EACCES", "EPERM")) return [];
		throw error;
	}
}

/** Every user. */
export function users(): Promise<User[]> {
	return look(PASSWD, USERS);
}

/** Every group. */
export function groups(): Promise<Group[]> {
	return look(GROUP, GROUPS);
}

/** The user of a name. */
export async function userByName(name: string): Promise<User | undefined> {
	return (await users()).find((user) => user.name === name);
}

/** The first user with a number. */
export async function userById(uid: number): Promise<User | undefined> {
	return (await users()).find((user) => user.uid === uid);
}

/** The group of a name. */
export async function groupByName(name: string): Promise<Group | undefined> {
	return (await groups()).find((group) => group.name === name);
}

/** The groups that a user is in: the own one first, then those that name the user. */
export async function groupIdsOf(user: User): Promise<number[]> {
	const further = (await groups()).filter((group) => group.members.includes(user.name)).map((group) => group.gid);
	return [...new Set([user.gid, ...further])];
}

/** Names of users and groups by number. A number without a name stands for itself. */
export async function names(): Promise<{ user(uid: number): string; group(gid: number): string }> {
	const [people, all] = await Promise.all([users(), groups()]);
	return {
		user: (uid) => people.find((user) => user.uid === uid)?.name ?? String(uid),
		group: (gid) => all.find((group) => group.gid === gid)?.name ?? String(gid),
	};
}
