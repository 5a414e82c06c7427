using a: Disposable | null = null;
enum E { A = 1 }
const enum C { B = 2 }
namespace N { export const x = f(); }
export enum Out { Z = E.A }
export namespace Space { export const y = E.A; }
import type { T } from "./t.ts";
interface I { i: T }
type J = I;
abstract class K { abstract m(): void; }
export abstract class L extends K {}
function f() { return E.A + C.B + (a === null ? 0 : 1) + Number(K !== undefined); }
export { N, f as default };
