// A program may use the names of the meter for its own things, and reaches nothing by them.
import { stdout } from "helios:process";

const $g = 1e15;
let $o = 5;
function $h($t: number) {
	return $t + $g;
}
class Named {
	$g = $o;
}
$o++;
await stdout.write(`${$h(1)} ${$o} ${new Named().$g} ${"$g" in globalThis} ${Object.keys({ $g, $o }).join()}\n`);
const g = globalThis as Record<string, unknown>;
g.$g = 7;
g.$o = () => 0;
for (let i = 0; i < 1000; i++) g.$h = i;
await stdout.write(`${g.$g}\n`);
