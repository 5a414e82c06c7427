/** Hardware addresses. */

/** A hardware address in its usual form; `undefined` where it is none. */
export function parseMac(text: string): string | undefined {
	if (!/^[\da-f]{1,2}(?:[:-][\da-f]{1,2}){5}$/i.test(text)) return undefined;
	return text
		.toLowerCase()
		.split(/[:-]/)
		.map((part) => part.padStart(2, "0"))
		.join(":");
}
