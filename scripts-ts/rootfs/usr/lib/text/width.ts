/** How many columns text takes on a screen. */

/** Characters that take no column: combining marks and joiners. */
const NARROW = /[\p{Mn}\p{Me}\u200b-\u200f\ufeff]/u;
/** Characters that take two: East Asian ones and pictures (Unicode Standard Annex 11, W and F). */
const WIDE =
	/[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;

function widthOfOne(character: string): number {
	const point = character.codePointAt(0) as number;
	if (point < 32 || (point >= 0x7f && point < 0xa0)) return 0;
	if (point < 0x300) return 1;
	if (point >= 0x1f300) return point <= 0x1faff || (point >= 0x20000 && point <= 0x3fffd) ? 2 : 1;
	if (NARROW.test(character)) return 0;
	return WIDE.test(character) ? 2 : 1;
}

/** The columns that a text takes; control characters take none. */
export function widthOf(text: string): number {
	if (/^[ -~]*$/.test(text)) return text.length;
	let width = 0;
	for (const character of text) width += widthOfOne(character);
	return width;
}
