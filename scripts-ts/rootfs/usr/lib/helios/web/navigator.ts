/** `navigator.userAgent`, as WinterTC asks for. */

import { INTERNAL, onlyInternal, webInterface } from "helios:web/idl";

/** What runs the program. */
export class Navigator {
	readonly #userAgent = "Helios/0.1";

	/** @internal */
	constructor(token?: unknown) {
		onlyInternal(token);
	}

	get userAgent(): string {
		return this.#userAgent;
	}
}
webInterface(Navigator, "Navigator");

/** What runs the program. */
export const navigator: Navigator = new Navigator(INTERNAL);
