import { args } from "helios:process";
import { info } from "helios:sys";
import { greeting } from "./greet.ts";

const { hostname } = await info();
console.log(greeting(args[0] ?? "world", hostname));
