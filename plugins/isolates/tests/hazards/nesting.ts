// What V8 walks by recursion is capped, at the same depth everywhere.
import { stdout } from "helios:process";

const attempt = async (name: string, run: () => unknown) => {
	let result: string;
	try {
		result = `gives ${String(run()).slice(0, 40)}`;
	} catch (error) {
		result = String(error);
	}
	await stdout.write(`${name}: ${result}\n`);
};
const nested = (depth: number) => {
	let value: unknown = 1;
	for (let i = 0; i < depth; i++) value = [value];
	return value as unknown[];
};
for (const depth of [900, 100_000]) {
	await attempt(`flat ${depth}`, () => nested(depth).flat(Number.POSITIVE_INFINITY));
	await attempt(`join ${depth}`, () => nested(depth).join());
	await attempt(`String ${depth}`, () => String(nested(depth)));
	await attempt(`stringify ${depth}`, () => JSON.stringify(nested(depth)).length);
	await attempt(`parse ${depth}`, () => JSON.parse("[".repeat(depth) + "]".repeat(depth)).length);
	await attempt(`revive ${depth}`, () => JSON.parse("[".repeat(depth) + "]".repeat(depth), (_, value) => value).length);
	await attempt(`toJSON ${depth}`, () => {
		let left = depth;
		const link = { toJSON: (): unknown => (left-- > 0 ? { link } : 1) };
		return JSON.stringify(link).length;
	});
	await attempt(`groups ${depth}`, () => new RegExp("(".repeat(depth) + ")".repeat(depth)).source.length);
}
for (const depth of [60, 70]) {
	await attempt(`proxies ${depth}`, () => {
		let proxy: object = { x: 1 };
		for (let i = 0; i < depth; i++) proxy = i % 2 ? new Proxy(proxy, {}) : Proxy.revocable(proxy, {}).proxy;
		return (proxy as { x: number }).x;
	});
}
await attempt("bound", () => {
	let fn = () => 5;
	for (let i = 0; i < 10_000; i++) fn = fn.bind(null);
	return fn();
});
