/** A list of header fields (Fetch, 2.2.2), without the interface: what `Headers` wraps and messages are made of. */

/** A field of a message. */
export interface HeaderField {
	/** Its name as it was written. */
	readonly name: string;
	/** Its name in lower case. */
	readonly key: string;
	/** Its value, without white space around it. Each unit is a byte. */
	readonly value: string;
}

/** A field. */
export function field(name: string, value: string): HeaderField {
	return { name, key: name.toLowerCase(), value };
}

/** Whether it is a token (RFC 9110, 5.6.2): a name of a field or a method. */
export function isToken(text: string): boolean {
	return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text);
}

/** Whether `code` is white space of HTTP. */
function isBlank(code: number): boolean {
	return code === 32 || code === 9 || code === 10 || code === 13;
}

/** A value without the white space around it. */
export function trimValue(value: string): string {
	let from = 0;
	let to = value.length;
	while (from < to && isBlank(value.charCodeAt(from))) from++;
	while (to > from && isBlank(value.charCodeAt(to - 1))) to--;
	return from === 0 && to === value.length ? value : value.slice(from, to);
}

/** Whether a trimmed value may stand in a field: bytes, but no line ends and no NUL. */
export function isFieldValue(value: string): boolean {
	return !/[\0\n\r\u0100-\uffff]/.test(value);
}

/** The values of all fields of a name, joined; `null` where there are none. */
export function valueOf(fields: readonly HeaderField[], key: string): string | null {
	let found: string | null = null;
	for (const each of fields) {
		if (each.key === key) found = found === null ? each.value : `${found}, ${each.value}`;
	}
	return found;
}

/** Whether there is a field of that name. */
export function hasField(fields: readonly HeaderField[], key: string): boolean {
	for (const each of fields) if (each.key === key) return true;
	return false;
}

/** The members of a list (RFC 9110, 5.6.1), in lower case; empty ones do not count. */
export function listOf(value: string | null): string[] {
	if (value === null) return [];
	const members: string[] = [];
	for (const part of value.split(",")) {
		const member = trimValue(part);
		if (member !== "") members.push(member.toLowerCase());
	}
	return members;
}
