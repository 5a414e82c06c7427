enum Color { Red, Green = "g", Blue = 1 << 2 }
const enum Flag { A = 1 }
namespace Outer { export namespace Inner { export const x = 1; } export function f() { return Inner.x; } }
namespace OnlyTypes { export type T = number; }
declare module "x" { const y: number; }
abstract class Shape { abstract area(): number; constructor(protected readonly name: string, public scale = 1) {} }
function overload(a: string): string; function overload(a: any) { return a!; }
const a = <T,>(x: T) => x as unknown as string satisfies string;
let x: number | undefined, y = x!; interface I { z: number } export type { I };
import fs = Outer.Inner;
