// gas: at least 150000000
// Work inside built-ins is paid for like any other: millions of elements, many times.
import { stdout } from "helios:process";

const like = { length: 4_000_000 };
for (let i = 0; i < 3; i++) Array.prototype.indexOf.call(like, 1);
for (let i = 0; i < 3; i++) Array.prototype.fill.call({ length: 3_000_000 }, 0, 2_999_999);
const array: number[] = [];
array.length = 3_000_000;
for (let i = 0; i < 50; i++) array.indexOf(1);
for (let i = 0; i < 50; i++) array.includes(1);
const text = "[" + "1,".repeat(300_000) + "1]";
await stdout.write(`${JSON.parse(text).length} ${text.split(",").length}\n`);
const numbers = Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 300_007);
numbers.sort((a, b) => a - b);
await stdout.write(`${numbers[0]} ${[...numbers, ...numbers].length} ${Math.max(...numbers.slice(0, 10_000))}\n`);
