// Locales: none to choose, none of the host's.
import { stdout } from "helios:process";

const say = (...values: unknown[]) => stdout.write(`${values.map(String).join(" ")}\n`);
const g = globalThis as Record<string, unknown>;
await say(typeof g.Intl, typeof g.Temporal);
await say((1234567.891).toLocaleString("de-DE"), 12345678901234567890n.toLocaleString("fr"), (0.5).toLocaleString("en", { style: "percent" }));
await say("I".toLocaleLowerCase("tr"), "i".toLocaleUpperCase("tr"), "ä".localeCompare("z", "sv"), "a".localeCompare("B"), "a2".localeCompare("a10", undefined, { numeric: true }));
await say(["z", "ä", "a", "B"].sort((a, b) => a.localeCompare(b)).join(), [1234.5, new Date(0)].toLocaleString());
