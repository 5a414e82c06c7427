@dec class A { @dec m() {} accessor x = 1; }
import data from "./a.json" with { type: "json" };
const [a, ...[b]] = c; [a, ...d.e] = c;
namespace N { export let x = 1; } namespace M { export const y = 1; }
