import { greeting } from "./greet.ts";

/** Fails with what was found where two texts differ. */
function equal(found: string, wanted: string): void {
	if (found !== wanted) throw new Error(`found ${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)}`);
}

equal(greeting("you", "home"), "Hello you, this is home.");
console.log("ok");
