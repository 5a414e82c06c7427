/** What to say to somebody. */
export function greeting(name: string, host: string): string {
	return `Hello ${name}, this is ${host}.`;
}
