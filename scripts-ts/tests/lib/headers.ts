// Node's own interfaces answer the same.

// `Headers`, and what `Request` and `Response` do with them.

function attempt(what: string, run: () => unknown): void {
	try {
		console.log(what, JSON.stringify(run()));
	} catch (error) {
		console.log(what, "throws", (error as Error).name);
	}
}
const list = (headers: Headers): string[] => [...headers].map(([name, value]) => `${name}=${value}`);

attempt("empty", () => list(new Headers()));
attempt("record", () => list(new Headers({ "X-B": "2", "x-a": "1", "Content-Type": "text/html" })));
attempt("pairs", () =>
	list(
		new Headers([
			["b", "1"],
			["a", " spaced\t"],
			["B", "2"],
		]),
	),
);
attempt("copy", () => list(new Headers(new Headers([["a", "1"]]))));
attempt("map", () => list(new Headers(new Map([["k", "v"]]) as never)));
attempt("numbers", () => list(new Headers({ n: 1 as never, t: true as never })));
for (const init of [null, 1, "a: b", [["a"]], [["a", "b", "c"]], ["ab"], { a: "x\ny" }, { "a b": "c" }, { "": "c" }]) {
	attempt(`init ${JSON.stringify(init)}`, () => list(new Headers(init as never)));
}
attempt("symbol key", () => new Headers({ [Symbol("a")]: "b" } as never));
attempt("wide value", () => new Headers({ a: "\u0100" }));
attempt("wide name", () => new Headers({ "\u0100": "a" }));
attempt("bytes", () => new Headers({ a: "\xff\x80" }).get("a"));
for (const value of ["a\0b", "a\rb", "a\nb", "\r\n a \n", "a\x01b", ""]) {
	attempt(`value ${JSON.stringify(value)}`, () => new Headers([["k", value]]).get("k"));
}
for (const name of ["a:", "a b", "\u00e9", "a\n", "(a)", "a/b", "!#$%&'*+-.^_`|~09azAZ"]) {
	attempt(`name ${JSON.stringify(name)}`, () => new Headers([[name, "v"]]).get(name));
}

const headers = new Headers();
headers.append("Accept", "text/html");
headers.append("accept", "text/plain");
headers.append("ACCEPT", "");
console.log(headers.get("Accept"), headers.has("aCCept"), headers.get("none"), headers.has("none"));
headers.set("accept", "a");
headers.set("New", "b");
console.log(list(headers).join("; "));
headers.delete("ACCEPT");
headers.delete("never");
console.log(list(headers).join("; "));
for (const method of ["append", "set"] as const)
	attempt(method, () => (headers as never as Record<string, () => void>)[method]?.());
for (const method of ["get", "has", "delete"] as const) {
	attempt(`${method} of a bad name`, () => headers[method]("a b"));
	attempt(`${method} of nothing`, () => (headers as never as Record<string, () => void>)[method]?.());
}
attempt("set a bad value", () => headers.set("a", "\0"));

const cookies = new Headers([
	["Set-Cookie", "a=1"],
	["x", "1"],
	["set-cookie", "b=2, c"],
	["a", "0"],
	["X", "2"],
]);
console.log(JSON.stringify(cookies.getSetCookie()), cookies.get("set-cookie"), list(cookies).join("; "));
console.log([...cookies.keys()].join(), [...cookies.values()].join());
cookies.set("set-cookie", "d=4");
console.log(JSON.stringify(cookies.getSetCookie()));
cookies.delete("set-cookie");
console.log(JSON.stringify(cookies.getSetCookie()), list(cookies).join("; "));

const seen: string[] = [];
new Headers({ b: "2", a: "1" }).forEach(function (this: unknown, value, name, all) {
	seen.push(`${name}:${value}:${all instanceof Headers}:${String(this)}`);
}, "self");
console.log(seen.join(" "));
attempt("forEach of nothing", () => new Headers().forEach(undefined as never));
const changing = new Headers({ a: "1", c: "3" });
const visited: string[] = [];
for (const [name] of changing) {
	visited.push(name);
	if (name === "a") changing.append("b", "2");
	if (visited.length > 5) break;
}
console.log(visited.join());
const iterator = new Headers({ a: "1" }).entries();
console.log(
	Object.prototype.toString.call(iterator),
	Object.prototype.toString.call(headers),
	Headers.prototype.entries === Headers.prototype[Symbol.iterator],
	Headers.length,
	Headers.name,
	Object.keys(Headers.prototype).sort().join(),
);
attempt("called", () => (Headers as never as () => void)());

attempt("immutable error", () => Response.error().headers.append("a", "b"));
attempt("immutable redirect", () => Response.redirect("http://a/").headers.set("a", "b"));
attempt("request", () => list(new Request("http://a/", { headers: { A: "1", "content-type": "x" } }).headers));
attempt("response", () => list(new Response("t", { headers: { A: "1", "set-cookie": "x" } }).headers));
attempt("given type", () => list(new Response("t", { headers: { "Content-Type": "a/b" } }).headers));
const request = new Request("http://a/", { headers: { a: "1" } });
const derived = new Request(request, { headers: { b: "2" } });
console.log(list(request.headers).join(), list(derived.headers).join(), list(new Request(request).headers).join());
