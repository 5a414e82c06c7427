/** `/etc/doas.conf`: who may do what as whom. The last rule that fits decides; without one the answer is no. */

/** A rule. */
export interface Rule {
	permit: boolean;
	/** No password is asked for. */
	nopass: boolean;
	/** A right password counts for some minutes in the same session. */
	persist: boolean;
	/** The caller's variables go along. */
	keepenv: boolean;
	/** A user, or with `:` in front a group. */
	identity: string;
	/** The user to become; any where absent. */
	target?: string;
	/** The only command that it speaks of. */
	command?: string;
	/** With exactly these arguments. */
	args?: string[];
}

/** A mistake in the file. The message names the line. */
export class RuleError extends Error {}

/** What is asked for. */
export interface Wish {
	user: string;
	groups: readonly string[];
	target: string;
	command: string;
	args: readonly string[];
}

const OPTIONS = ["nopass", "persist", "keepenv"];

function parseRule(words: string[], fail: (why: string) => never): Rule {
	const action = words.shift();
	if (action !== "permit" && action !== "deny") return fail("a rule begins with permit or deny");
	const options = new Set<string>();
	while (OPTIONS.includes(words[0] as string)) options.add(words.shift() as string);
	if (action === "deny" && options.size > 0) fail("deny takes no options");
	if (options.has("nopass") && options.has("persist")) fail("nopass and persist exclude one another");
	const identity = words.shift();
	if (identity === undefined || identity === ":") return fail("a user or :group is missing");
	const rule: Rule = {
		permit: action === "permit",
		nopass: options.has("nopass"),
		persist: options.has("persist"),
		keepenv: options.has("keepenv"),
		identity,
	};
	const value = (): string => words.shift() ?? fail("the rule ends too early");
	const takes = (word: string): boolean => {
		const there = words[0] === word;
		if (there) words.shift();
		return there;
	};
	if (takes("as")) rule.target = value();
	if (takes("cmd")) {
		rule.command = value();
		if (takes("args")) rule.args = words.splice(0);
	}
	if (words.length > 0) fail(`'${words[0]}' is not expected there`);
	return rule;
}

/**
 * Reads the rules.
 *
 * @throws {RuleError} when a line is none: then none of them counts.
 */
export function parseRules(text: string): Rule[] {
	const rules: Rule[] = [];
	for (const [at, raw] of text.split("\n").entries()) {
		const words = raw
			.replace(/(^|\s)#.*$/, "")
			.split(/\s+/)
			.filter((word) => word !== "");
		if (words.length === 0) continue;
		rules.push(
			parseRule(words, (why) => {
				throw new RuleError(`line ${at + 1}: ${why}`);
			}),
		);
	}
	return rules;
}

function fits(rule: Rule, { user, groups, target, command, args }: Wish): boolean {
	const { identity } = rule;
	if (identity.startsWith(":") ? !groups.includes(identity.slice(1)) : identity !== user) return false;
	if (rule.target !== undefined && rule.target !== target) return false;
	if (rule.command !== undefined && rule.command !== command) return false;
	if (rule.args === undefined) return true;
	return rule.args.length === args.length && rule.args.every((word, at) => word === args[at]);
}

/** The rule that decides: the last that fits. */
export function decide(rules: readonly Rule[], wish: Wish): Rule | undefined {
	return rules.findLast((rule) => fits(rule, wish));
}
