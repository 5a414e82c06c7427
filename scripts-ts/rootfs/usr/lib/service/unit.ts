/** Units: what `/etc/units/NAME.json` says of a service. */

import { isFile, open, readdir } from "helios:fs";
import { toText } from "helios:io";
import { failedWith, reason } from "/usr/lib/sh/cli.ts";

/** Where units are. */
export const UNITS = "/etc/units";

/** When a service is started again after it ended. */
export type Restart = "no" | "on-failure" | "always";

/** A service, as its unit describes it. */
export interface Unit {
	/** Its name, which is the file's without `.json`. */
	name: string;
	/** The program's absolute path, and its arguments. */
	exec: string[];
	/** The user who runs it. */
	user: string;
	/** Services that are started before it. */
	after: string[];
	/** When it is started again. */
	restart: Restart;
	/** The capabilities that it keeps at most; absent: its program's manifest alone says. */
	caps?: string[];
	/** Where its output goes. */
	log: string;
	/** The terminal that it runs on, below `/dev`, instead of having its output logged: `console`. */
	tty?: string;
}

/** A unit that is refused. The message names the file and the field. */
export class UnitError extends Error {}

const UNIT_BYTES = 65_536;
const MAX_WORDS = 256;
const MAX_WORD_UNITS = 4096;
const NAME = /^[a-z][a-z0-9_-]{0,31}$/;
const TTY = /^(console|tty\d{1,4}|pts\/\d{1,4})$/;
const RESTARTS: readonly string[] = ["no", "on-failure", "always"];
const FIELDS = ["name", "exec", "user", "after", "restart", "caps", "log", "tty"];

/** Whether a text can be the name of a service. */
export function isUnitName(text: string): boolean {
	return NAME.test(text);
}

/** The file of a service's unit. */
export function unitPath(name: string): string {
	return `${UNITS}/${name}.json`;
}

/** The file whose presence keeps a service from being started at boot. */
export function disabledPath(name: string): string {
	return `${UNITS}/${name}.disabled`;
}

function words(value: unknown, fail: (why: string) => never): string[] {
	if (!Array.isArray(value) || value.length > MAX_WORDS) return fail(`must be a list of at most ${MAX_WORDS} strings`);
	for (const word of value) {
		if (typeof word !== "string" || word.length > MAX_WORD_UNITS || word.includes("\0"))
			return fail(`must be strings of at most ${MAX_WORD_UNITS} characters`);
	}
	return value as string[];
}

function isLogPath(path: string): boolean {
	return path.startsWith("/") && !path.endsWith("/") && !/\/\.\.?(\/|$)/.test(path) && !path.includes("\0");
}

/**
 * Reads a unit.
 *
 * @throws {UnitError} when the text is no unit of that name.
 */
export function parseUnit(name: string, text: string): Unit {
	const file = unitPath(name);
	const refuse = (field: string, why: string): never => {
		throw new UnitError(`${file}: ${field}: ${why}`);
	};
	let read: unknown;
	try {
		read = JSON.parse(text);
	} catch (error) {
		throw new UnitError(`${file}: not JSON: ${reason(error)}`);
	}
	if (typeof read !== "object" || read === null || Array.isArray(read)) throw new UnitError(`${file}: not an object`);
	const given = read as Record<string, unknown>;
	for (const field of Object.keys(given)) if (!FIELDS.includes(field)) refuse(field, "there is no such field");
	if (given.name !== name) refuse("name", `must be "${name}", as the file is called`);
	const exec = words(given.exec, (why) => refuse("exec", why));
	if (exec[0]?.startsWith("/") !== true) refuse("exec", "must begin with the absolute path of a program");
	const user = given.user ?? "root";
	if (typeof user !== "string" || user === "") refuse("user", "must be the name of a user");
	const after = words(given.after ?? [], (why) => refuse("after", why));
	for (const other of after) if (!isUnitName(other)) refuse("after", `"${other}" is no name of a service`);
	const restart = given.restart ?? "no";
	if (typeof restart !== "string" || !RESTARTS.includes(restart))
		refuse("restart", 'must be "no", "on-failure" or "always"');
	const log = given.log ?? `/var/log/${name}.log`;
	if (typeof log !== "string" || !isLogPath(log)) refuse("log", "must be the absolute path of a file");
	const { tty } = given;
	if (tty !== undefined && (typeof tty !== "string" || !TTY.test(tty)))
		refuse("tty", "must be the name of a terminal below /dev");
	return {
		name,
		exec,
		user: user as string,
		after,
		restart: restart as Restart,
		log: log as string,
		...(tty === undefined ? {} : { tty: tty as string }),
		...(given.caps === undefined ? {} : { caps: words(given.caps, (why) => refuse("caps", why)) }),
	};
}

/**
 * Reads the unit of a name from its file. Only a file that nobody but root can write is believed: it says what runs as
 * root.
 *
 * @throws {UnitError} when there is none, or when it is refused.
 */
export async function readUnit(name: string): Promise<Unit> {
	const path = unitPath(name);
	const file = await open(path).catch((error) => {
		throw new UnitError(`${path}: ${reason(error)}`);
	});
	try {
		const about = await file.stat();
		if (!isFile(about)) throw new UnitError(`${path}: not a file`);
		if (about.uid !== 0 || (about.mode & 0o022) !== 0) throw new UnitError(`${path}: others than root can write it`);
		if (about.size > UNIT_BYTES) throw new UnitError(`${path}: longer than ${UNIT_BYTES} bytes`);
		return parseUnit(name, toText(await file.readAll()));
	} finally {
		await file.close();
	}
}

/** What there is in the directory of units. */
export interface UnitNames {
	names: string[];
	/** Names that are not started at boot. */
	disabled: Set<string>;
	/** Files whose names are none of a service, and what there is to say of each. */
	misnamed: Map<string, string>;
}

/** The names of all units, and the names of those that are disabled. A machine without the directory has none. */
export async function unitNames(): Promise<UnitNames> {
	const entries = await readdir(UNITS).catch((error) => {
		if (failedWith(error, "ENOENT")) return [];
		throw error;
	});
	const names: string[] = [];
	const disabled = new Set<string>();
	const misnamed = new Map<string, string>();
	for (const { name } of entries) {
		const dot = name.lastIndexOf(".");
		const [stem, extension] = [name.slice(0, Math.max(dot, 0)), name.slice(dot + 1)];
		if (extension === "disabled") disabled.add(stem);
		if (extension !== "json") continue;
		if (isUnitName(stem)) names.push(stem);
		else misnamed.set(stem, `${UNITS}/${name}: a service's name is a-z, 0-9, '_' and '-', at most 32 characters`);
	}
	return { names, disabled, misnamed };
}
