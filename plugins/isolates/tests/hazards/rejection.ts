// A rejection that nobody handles ends the process with a status and a trace.
import { stdout } from "helios:process";

await stdout.write("before\n");
async function fails(): Promise<void> {
	throw new TypeError("nobody listens");
}
void fails();
await new Promise(() => {});
