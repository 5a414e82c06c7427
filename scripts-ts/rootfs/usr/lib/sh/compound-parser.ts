/** Parses compound commands: `if`, `for`, `while`, `case`, groups, functions, `(( ))`, `[[ ]]`. */

import type { Case, Command, List, Redirection, Test, Word } from "/usr/lib/sh/ast.ts";
import type { Token } from "/usr/lib/sh/lexer.ts";
import type { Parser } from "/usr/lib/sh/parser.ts";

const UNARY = /^-[abcdefghknoprstuvwxzGLNORS]$/;
const BINARY = new Set(["=", "==", "!=", "=~", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"]);

/** The compound command that begins with `token`; `undefined` where it is a simple one. */
export function parseCompound(parser: Parser, token: Token): Command | undefined {
	const line = parser.lexer.line(token.offset);
	const common: Common = { redirections: [], line };
	if (token.type === "operator" && token.text === "(") return parseParenthesis(parser, common);
	if (token.type !== "word") return undefined;
	const nested = (parse: () => Command): Command => {
		parser.enter();
		parser.lexer.assignments = token.raw !== "for" && token.raw !== "case";
		parser.take();
		const command = parse();
		parser.lexer.depth--;
		return command;
	};
	switch (token.raw) {
		case "{":
			return nested(() => {
				const list = parser.body();
				parser.expect("}");
				return { type: "braces", list, ...common };
			});
		case "if":
			return nested(() => parseIf(parser, common));
		case "for":
		case "select":
			return nested(() => parseFor(parser, token.raw as "for" | "select", common));
		case "while":
		case "until":
			return nested(() => {
				const condition = parser.body();
				return { type: "while", until: token.raw === "until", condition, body: doGroup(parser), ...common };
			});
		case "case":
			return nested(() => parseCase(parser, common));
		case "function":
			return nested(() => {
				const { name } = parser.variableName();
				if (parser.is("(")) {
					parser.take();
					if (!parser.is(")")) throw parser.unexpected();
					parser.take();
				}
				return parser.defineFunction(name, token.offset, line);
			});
		case "[[":
			return nested(() => {
				const { conditional } = parser.lexer;
				parser.lexer.conditional = true;
				const test = parseTest(parser);
				parser.lexer.conditional = conditional;
				if (!parser.isWord("]]")) throw parser.unexpected();
				parser.take();
				return { type: "conditional", test, ...common };
			});
		default:
			return undefined;
	}
}

type Common = { redirections: Redirection[]; line: number };

function parseParenthesis(parser: Parser, common: Common): Command {
	const { lexer } = parser;
	const opening = parser.take();
	if (lexer.text.charAt(opening.end) === "(") {
		const { offset } = lexer;
		lexer.offset = opening.end + 1;
		const expression = lexer.arithmetic();
		if (expression !== undefined) return { type: "arithmetic", expression, ...common };
		lexer.offset = offset;
	}
	parser.enter();
	const list = parser.body();
	if (!parser.is(")")) throw parser.unexpected();
	parser.take();
	lexer.depth--;
	return { type: "subshell", list, ...common };
}

function doGroup(parser: Parser): List {
	parser.expect("do");
	const body = parser.body();
	parser.expect("done");
	return body;
}

function parseIf(parser: Parser, common: Common): Command {
	const clauses: { condition: List; body: List }[] = [];
	for (;;) {
		const condition = parser.body();
		parser.expect("then");
		clauses.push({ condition, body: parser.body() });
		if (!parser.isWord("elif")) break;
		parser.lexer.assignments = true;
		parser.take();
	}
	let otherwise: List | undefined;
	if (parser.isWord("else")) {
		parser.lexer.assignments = true;
		parser.take();
		otherwise = parser.body();
	}
	parser.expect("fi");
	return { type: "if", clauses, ...(otherwise === undefined ? {} : { otherwise }), ...common };
}

function loopBody(parser: Parser): List {
	parser.lexer.assignments = true;
	parser.skipNewlines();
	if (!parser.isWord("{")) return doGroup(parser);
	parser.take();
	const body = parser.body();
	parser.expect("}");
	return body;
}

function parseFor(parser: Parser, type: "for" | "select", common: Common): Command {
	const { lexer } = parser;
	if (type === "for" && parser.is("(")) {
		const { end } = parser.take();
		lexer.offset = end + 1;
		const parts = lexer.text.charAt(end) === "(" ? lexer.arithmeticParts() : undefined;
		if (parts === undefined || parts.length !== 3) throw lexer.error("syntax error: bad arithmetic for", end - 1);
		if (parser.is(";")) parser.take();
		return { type: "arithmetic-for", parts: parts as [Word, Word, Word], body: loopBody(parser), ...common };
	}
	const { name } = parser.variableName();
	parser.skipNewlines();
	let words: Word[] | undefined;
	if (parser.isWord("in")) {
		parser.take();
		words = [];
		for (let token = parser.peek(); token.type === "word"; token = parser.peek()) {
			words.push({ ...token.word, source: token.raw });
			parser.take();
		}
		if (!parser.is(";") && parser.peek().type !== "newline") throw parser.unexpected();
	}
	lexer.assignments = true;
	if (parser.is(";")) parser.take();
	return { type, name, ...(words === undefined ? {} : { words }), body: loopBody(parser), ...common };
}

function parseCase(parser: Parser, common: Common): Command {
	const { lexer } = parser;
	const subject = parser.take();
	if (subject.type !== "word") throw parser.unexpected(subject);
	parser.skipNewlines();
	parser.expect("in");
	const items: Case["items"] = [];
	for (;;) {
		lexer.assignments = false;
		parser.skipNewlines();
		if (parser.isWord("esac")) break;
		if (parser.is("(")) parser.take();
		const patterns: Word[] = [];
		for (;;) {
			const token = parser.take();
			if (token.type !== "word") throw parser.unexpected(token);
			patterns.push(token.word);
			if (!parser.is("|")) break;
			parser.take();
		}
		if (!parser.is(")")) throw parser.unexpected();
		lexer.assignments = true;
		parser.take();
		const body = parser.list();
		const token = parser.peek();
		const end =
			token.type === "operator" && /^;[;&]/.test(token.text) ? (token.text as ";;" | ";&" | ";;&") : undefined;
		items.push({ patterns, body, end: end ?? ";;" });
		if (end === undefined) {
			parser.skipNewlines();
			break;
		}
		lexer.assignments = false;
		parser.take();
	}
	parser.expect("esac");
	return { type: "case", word: { ...subject.word, source: subject.raw }, items, ...common };
}

function parseTest(parser: Parser): Test {
	let left = parseAnd(parser);
	while (parser.is("||")) {
		parser.take();
		left = { type: "or", left, right: parseAnd(parser) };
	}
	return left;
}

function parseAnd(parser: Parser): Test {
	let left = parseNot(parser);
	while (parser.is("&&")) {
		parser.take();
		left = { type: "and", left, right: parseNot(parser) };
	}
	return left;
}

function parseNot(parser: Parser): Test {
	parser.lexer.assignments = false;
	parser.skipNewlines();
	if (parser.isWord("!")) {
		parser.take();
		return { type: "not", test: parseNot(parser) };
	}
	if (parser.is("(")) {
		parser.enter();
		parser.take();
		const test = parseTest(parser);
		if (!parser.is(")")) throw parser.unexpected();
		parser.take();
		parser.skipNewlines();
		parser.lexer.depth--;
		return test;
	}
	return parsePrimary(parser);
}

function parsePrimary(parser: Parser): Test {
	const { lexer } = parser;
	const first = parser.take();
	if (first.type !== "word" || first.raw === "]]") throw parser.unexpected(first);
	const next = parser.peek();
	const operator = next.type === "word" ? next.raw : next.type === "operator" ? next.text : "";
	if (UNARY.test(first.raw) && next.type === "word" && operator !== "]]" && !BINARY.has(operator)) {
		parser.take();
		parser.skipNewlines();
		return { type: "unary", operator: first.raw, word: next.word };
	}
	if (operator === "<" || operator === ">" || BINARY.has(operator)) {
		parser.take();
		const right = operator === "=~" ? lexer.regularExpression() : operand(parser, operator);
		parser.skipNewlines();
		return { type: "binary", operator, left: first.word, right };
	}
	parser.skipNewlines();
	const after = parser.peek();
	if (next.type === "word" && operator !== "]]")
		throw lexer.error(`syntax error in conditional expression near \`${operator}'`, after.offset);
	return { type: "unary", operator: "-n", word: first.word };
}

function operand(parser: Parser, operator: string): Word {
	const token = parser.take();
	if (token.type === "word" && token.raw !== "]]") return token.word;
	if (token.type === "end") throw parser.unexpected(token);
	const text = parser.lexer.text.slice(token.offset, token.end);
	throw parser.lexer.error(
		`unexpected argument \`${text}' to conditional binary operator`,
		token.offset - operator.length,
	);
}
