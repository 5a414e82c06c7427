/** What interrupts the run of commands. */

/** Ends a shell, or the part of one that runs in a subshell. */
export class Leave extends Error {
	/** The status it ends with. */
	readonly status: number;

	constructor(status: number) {
		super(`exit ${status}`);
		this.status = status;
	}
}

/** SIGINT has come: the interactive shell goes back to its prompt, a subshell ends. */
export class Interrupted extends Error {}

/** A word that cannot be expanded. The commands of the line are dropped; a `fatal` one ends a shell that is no one's dialogue. */
export class ExpansionError extends Error {
	readonly fatal: boolean;

	constructor(message: string, fatal = false) {
		super(message);
		this.fatal = fatal;
	}
}

/** The commands of this line are dropped: what was wrong has been said. */
export class Discard extends Error {
	readonly status: number;

	constructor(status = 1) {
		super("discarded");
		this.status = status;
	}
}

/** Output of a builtin that cannot be written. */
export class WriteError extends Error {}
