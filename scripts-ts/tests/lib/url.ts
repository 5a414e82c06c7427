// `URL` and `URLSearchParams`.

function attempt(what: string, run: () => unknown): void {
	try {
		console.log(what, run());
	} catch (error) {
		console.log(what, "throws", (error as Error).name);
	}
}

const url = new URL("https://user:pa%20ss@EXAMPLE.com:8080/a/./b/../c%7e?x=1&y=2#frag");
for (const part of [
	"href",
	"origin",
	"protocol",
	"username",
	"password",
	"host",
	"hostname",
	"port",
	"pathname",
	"search",
	"hash",
] as const) {
	console.log(part, url[part]);
}
console.log(String(url), JSON.stringify({ url }), Object.prototype.toString.call(url));

for (const [input, base] of [
	["../x?y#z", "http://a.b/c/d/e"],
	["//other/path", "https://a.b/"],
	["?q", "file:///etc/passwd"],
	["http://[::1]:80/", undefined],
	["http://0x7f.1/", undefined],
	["mailto:x@y", undefined],
	["HTTP://ExAmPlE.com:80", undefined],
	["data:text/plain,hi#f", undefined],
	["http://a b/", undefined],
	["http://a:99999/", undefined],
	["relative", undefined],
	["", "http://x/y"],
	["http://ü.example/é?ü#ü", undefined],
] as const) {
	attempt(JSON.stringify([input, base]), () => new URL(input, base).href);
}
console.log(
	URL.canParse("x:"),
	URL.canParse("x"),
	URL.canParse("x", "http://y"),
	URL.parse("nope"),
	URL.parse("a:b")?.href,
);
attempt("no argument", () => new (URL as never as new () => URL)());
attempt("without new", () => (URL as never as (url: string) => URL)("http://x"));

const set = new URL("http://example.com/path?old=1#old");
set.protocol = "https";
set.port = "443";
console.log(set.href);
set.port = "8443";
set.host = "other.org:1234";
set.pathname = "a b";
set.hash = "";
set.search = "?new=ü";
set.username = "me@";
set.password = ":pw";
console.log(set.href);
set.port = "bad";
set.protocol = "mailto";
set.hostname = "";
console.log(set.href);
attempt("href", () => {
	set.href = "not a url";
});
set.href = "http://fresh/?a=1";
console.log(set.href, set.searchParams.get("a"));

const { searchParams } = set;
console.log(searchParams === set.searchParams);
searchParams.append("b", "2 & 3");
searchParams.append("a", "again");
console.log(set.search, searchParams.getAll("a"), searchParams.size);
set.search = "c=%41+b&d";
console.log([...searchParams], searchParams.get("d"), searchParams.get("none"));
searchParams.delete("c");
searchParams.delete("d");
console.log(JSON.stringify(set.search), set.href);

const show = (params: URLSearchParams): string => `${params.size} ${params}`;
console.log(show(new URLSearchParams("?a=1&a=2&&b&=c&d=e=f&%zz=%41%ff")));
console.log(
	show(
		new URLSearchParams([
			["x", "1"],
			["y", "2"],
		]),
	),
	show(new URLSearchParams({ k: "v", l: "ü *-._~" })),
);
console.log(
	show(new URLSearchParams(new URLSearchParams("q=1"))),
	show(new URLSearchParams()),
	show(new URLSearchParams("")),
);
console.log(show(new URLSearchParams(new Map([["m", "1"]]))), show(new URLSearchParams("a=\ud800")));
attempt("triple", () => new URLSearchParams([["a", "b", "c"]] as never));
attempt("not pairs", () => new URLSearchParams([1] as never));
const params = new URLSearchParams("b=1&a=2&b=3&c=4");
console.log(params.has("b"), params.has("b", "3"), params.has("b", "4"), params.has("z"));
params.delete("b", "1");
console.log(show(params));
params.set("b", "x");
params.set("z", "new");
console.log(show(params));
const sorted = new URLSearchParams("z=1&a=2&z=0&\ufffd=3&\u{1f600}=4");
sorted.sort();
console.log(
	[...sorted.keys()].map((key) => key.codePointAt(0)?.toString(16)),
	[...sorted.values()],
);
params.forEach((value, name, all) => console.log(name, value, all === params));
const live = new URLSearchParams("a=1&b=2&c=3");
for (const [name] of live) {
	console.log(name);
	live.delete(name);
}
console.log(show(live));
const iterator = live.entries();
console.log(Object.prototype.toString.call(iterator), iterator[Symbol.iterator]() === iterator);
attempt("too few", () => (live.append as never as (name: string) => void).call(live, "x"));
attempt("brand", () => URLSearchParams.prototype.get.call({} as never, "x"));
console.log(
	Object.keys(URLSearchParams.prototype).sort().join(),
	URLSearchParams.prototype[Symbol.iterator] === URLSearchParams.prototype.entries,
);
