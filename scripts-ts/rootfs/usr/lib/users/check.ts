/** What may stand in the files of users and groups. */

/** Names of users and groups: those that need no quoting anywhere (POSIX 3.437, and no more). */
const NAME = /^[a-z_][a-z0-9_-]{0,31}$/;

/** Whether a text can be the name of a user. */
export function isUserName(text: string): boolean {
	return NAME.test(text);
}

/** Whether a text can be a field of a line: without what ends a field or a line, or moves a cursor. */
export function isField(text: string): boolean {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
	return !/[:\x00-\x1f\x7f]/.test(text) && text.length <= 1024;
}

/** Whether a text can be a home directory or a shell: an absolute path that says where it leads. */
export function isAbsolutePath(text: string): boolean {
	return text.startsWith("/") && isField(text) && !/(^|\/)\.\.?(\/|$)/.test(text);
}
