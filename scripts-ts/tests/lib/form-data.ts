// `FormData`, its two encodings, and what is not a form.

function attempt(what: string, run: () => unknown): void {
	try {
		console.log(what, JSON.stringify(run()));
	} catch (error) {
		console.log(what, "throws", (error as Error).name);
	}
}
const shown = (value: FormData extends { get(name: string): infer T } ? T : never): string =>
	value instanceof File ? `${value.name}:${value.type}:${value.size}` : JSON.stringify(value);
const list = (form: FormData): string => [...form].map(([name, value]) => `${name}=${shown(value)}`).join("; ");

const form = new FormData();
form.append("a", "1");
form.append("a", "2");
form.append("b", new Blob(["xyz"], { type: "text/x" }));
form.append("c", new File(["file"], "name.txt", { type: "a/b" }));
form.append("d", new File(["file"], "name.txt"), "other.txt");
form.append("e", 5 as never);
console.log(list(form));
console.log(form.get("a"), form.getAll("a").length, form.get("none"), form.has("b"), form.has("none"));
console.log(form.get("c") === form.get("c"), form.get("b") instanceof File);
form.set("a", "3");
form.delete("e");
form.set("new", "n");
console.log(list(form), [...form.keys()].join(), [...form.values()].length);
const visited: string[] = [];
form.forEach((value, name, all) => visited.push(`${name}${typeof value}${all === form}`));
console.log(visited.join());
console.log(Object.prototype.toString.call(form), Object.prototype.toString.call(form.entries()));
attempt("a form element", () => new FormData({} as never));
attempt("a name for text", () => form.append("a", "b" as never, "c"));
attempt("one argument", () => (form as never as { append(name: string): void }).append("a"));
console.log(
	new URLSearchParams([...form].filter(([, value]) => typeof value === "string") as [string, string][]).toString(),
);

// There and back.
const sent = new FormData();
sent.append('quo"te\nline', "a\nb\rc\r\nd");
sent.append("ünïcode", "ü€😀");
sent.append("empty", "");
sent.append("file", new File([new Uint8Array([1, 13, 10, 45, 45, 255])], 'n"1\n.bin', { type: "application/x" }));
sent.append("none", new File([], "", {}));
const response = new Response(sent);
const type = response.headers.get("content-type") ?? "";
console.log(type.replace(/boundary=.*/, "boundary=…"), /boundary=[\w-]{30,70}$/.test(type));
const text = await response.clone().text();
console.log(
	text
		.replaceAll(type.slice(type.indexOf("=") + 1), "B")
		.replace(/\r/g, "\\r")
		.replace("\x01", "\\1"),
);
const back = await response.formData();
console.log(list(back));
console.log([...(await (back.get("file") as File).bytes())].join());

async function parse(body: string, contentType: string): Promise<void> {
	const what = JSON.stringify(body.length > 70 ? `${body.slice(0, 70)}…` : body);
	try {
		console.log(what, list(await new Response(body, { headers: { "Content-Type": contentType } }).formData()));
	} catch (error) {
		console.log(what, "fails", (error as Error).name);
	}
}
const URLENCODED = "application/x-www-form-urlencoded";
for (const body of ["", "a=1&b=2", "a=1&a=2", "?a=%20+b", "=&&x", "a=%zz%41", "%C3%BC=%E2%82%AC"])
	await parse(body, URLENCODED);
await parse("a=1", "text/plain");
await parse("a=1", `${URLENCODED}; charset=utf-8`);

const MULTIPART = "multipart/form-data; boundary=B";
const part = (head: string, body: string): string => `--B\r\n${head}\r\n\r\n${body}\r\n`;
const named = 'Content-Disposition: form-data; name="n"';
const whole = `${part(named, "one")}${part(`${named}; filename="f"\r\nContent-Type: x/y`, "two")}--B--\r\n`;
await parse(whole, MULTIPART);
await parse(whole, 'multipart/form-data; boundary="B"');
await parse(whole, "multipart/form-data");
await parse(whole, "multipart/form-data; boundary=C");
await parse(`preamble\r\n${whole}epilogue`, MULTIPART);
await parse("--B--\r\n", MULTIPART);
await parse("--B--", MULTIPART);
await parse("", MULTIPART);
await parse(part("Content-Type: a/b", "x"), MULTIPART);
await parse(`${part("content-disposition: FORM-DATA; NAME=bare", "x")}--B--`, MULTIPART);
await parse(`${part('Content-Disposition: attachment; name="n"', "x")}--B--`, MULTIPART);
await parse(`${part("Content-Disposition: form-data", "x")}--B--`, MULTIPART);
await parse(`${part(`${named}\r\nno colon`, "x")}--B--`, MULTIPART);
await parse("--B\r\n\r\nx\r\n--B--", MULTIPART);
await parse(`${part(named, "a\r\n--A\r\n--\r\n-B")}--B--`, MULTIPART);
await parse(`--B \t\r\n${named}\r\n\r\nx\r\n--B--`, MULTIPART);
await parse(`--Bx\r\n${named}\r\n\r\nx\r\n--B--`, MULTIPART);
const ends = new Map<string, number>();
for (let at = 0; at < whole.length - 2; at++) {
	const cut = new Response(whole.slice(0, at), { headers: { "Content-Type": MULTIPART } });
	const end = await cut.formData().then(list, (error: Error) => error.name);
	ends.set(end, (ends.get(end) ?? 0) + 1);
}
console.log("cut anywhere:", [...ends].join(" "));

// A form as a body's input is a copy.
const later = new FormData();
later.append("a", "1");
const early = new Response(later);
later.append("b", "2");
console.log(list(await early.formData()));
console.log(list(await new Response(new URLSearchParams("x=1&y=2")).formData()));
