/** Colours of names, as `LS_COLORS` says or as usual. Shared by `ls` and `tree`. */

import { isDevice, isDirectory, isFifo, isFile, isSymlink, MODE } from "helios:fs";

/** Types by two letters, as they are unless `LS_COLORS` says otherwise. */
const USUAL = "di=01;34 ln=01;36 pi=33 so=01;35 cd=01;33 ex=01;32 su=37;41 sg=30;43 st=37;44 ow=34;42 tw=30;42".split(
	" ",
);
/** Names by their endings, as they are where `LS_COLORS` is not set: archives and pictures. */
const ENDINGS = [
	...["tar", "tgz", "gz", "zip", "helios"].map((end) => `*.${end}=01;31`),
	...["png", "jpg", "jpeg", "gif", "svg", "webp"].map((end) => `*.${end}=01;35`),
];

/** Puts names into colours. */
export class Colors {
	readonly #types = new Map<string, string>();
	readonly #endings: [string, string][] = [];

	constructor(text: string | undefined) {
		const own = text === undefined || text === "" ? [] : text.split(":");
		for (const part of [...USUAL, ...(own.length > 0 ? own : ENDINGS)]) {
			const [key = "", value = ""] = part.split("=");
			if (key.startsWith("*")) this.#endings.push([key.slice(1), value]);
			else this.#types.set(key, value);
		}
	}

	#has(type: string): boolean {
		const value = this.#types.get(type);
		return value !== undefined && value !== "" && value !== "0" && value !== "00";
	}

	#special(mode: number): string | undefined {
		const [sticky, open] = [(mode & MODE.STICKY) !== 0, (mode & 0o002) !== 0];
		if (sticky && open && this.#has("tw")) return "tw";
		if (open && this.#has("ow")) return "ow";
		return sticky && this.#has("st") ? "st" : undefined;
	}

	#type(mode: number): string | undefined {
		if (isDirectory({ mode })) return this.#special(mode) ?? "di";
		if (isFifo({ mode })) return "pi";
		if (isDevice({ mode })) return "cd";
		if ((mode & MODE.TYPE) === MODE.SOCKET) return "so";
		if ((mode & MODE.SETUID) !== 0 && this.#has("su")) return "su";
		if ((mode & MODE.SETGID) !== 0 && this.#has("sg")) return "sg";
		return (mode & 0o111) !== 0 && this.#has("ex") ? "ex" : undefined;
	}

	/**
	 * The colour of a name, or none. `target` is the mode of what a symbolic link leads to, `null` where that is
	 * nothing; it is left out where nobody looked.
	 */
	of(name: string, mode: number, target?: number | null): string | undefined {
		let type: string | undefined;
		if (isSymlink({ mode })) {
			if (target === null && this.#has("or")) type = "or";
			else if (this.#types.get("ln") === "target" && target !== undefined && target !== null)
				return this.of(name, target);
			// A link that looks like what it leads to, and leads to nothing, has no colour.
			else if (this.#types.get("ln") === "target") return undefined;
			else type = "ln";
		} else type = this.#type(mode);
		if (type !== undefined) return this.#has(type) ? this.#types.get(type) : undefined;
		if (!isFile({ mode })) return undefined;
		const ending = this.#endings.findLast(([end]) => name.toLowerCase().endsWith(end.toLowerCase()));
		return ending?.[1] ?? (this.#has("fi") ? this.#types.get("fi") : undefined);
	}

	/** Whether links look different by what they lead to, so that somebody has to look. */
	get followsLinks(): boolean {
		return this.#has("or") || this.#types.get("ln") === "target";
	}
}
