// Random numbers come from the process's own stream: the expected output holds them.
import { stdout } from "helios:process";

const numbers = Array.from({ length: 5 }, () => Math.random());
await stdout.write(`${numbers.join("\n")}\n${numbers.every((n) => n >= 0 && n < 1)} ${new Set(numbers).size}\n`);
await stdout.write(`${[...crypto.getRandomValues(new Uint8Array(8))].join()} ${crypto.randomUUID()}\n`);
