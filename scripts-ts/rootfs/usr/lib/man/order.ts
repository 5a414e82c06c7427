/** The order of the manual's sections: commands before calls. */

const SECTIONS = ["1", "8", "2", "3", "5", "7", "6", "4"];

function rank(section: string): number {
	const at = SECTIONS.indexOf(section.charAt(0));
	return at < 0 ? SECTIONS.length : at;
}

/** Compares two pages by name and by section. */
export function inOrder(a: { name: string; section: string }, b: { name: string; section: string }): number {
	if (a.name !== b.name) return a.name < b.name ? -1 : 1;
	return rank(a.section) - rank(b.section) || (a.section < b.section ? -1 : 1);
}
