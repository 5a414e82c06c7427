import "./a.ts";
import { type B, c } from "./b.ts";
import type { D } from "./d.ts";
import { type E } from "./e.ts";
export * from "helios:fs";
export { f as g } from "/lib/f.ts";
const h = await import("./h.ts"), i = import(name), j = import.meta;
