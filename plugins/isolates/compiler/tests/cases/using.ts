export { hoisted };
const $h: number = 1;
using first: Disposable | null = null;
await using second = open(), third = null;
export const shown = $h + 1;
export class Kept {}
export default class Main {
  static {
    using inside = open();
  }
}
function hoisted(x: unknown) {
  using _usingCtx = open();
  return babelHelpers.usingCtx(x);
}
{
  using block = open();
}
outer: for (using head = open(); ; ) {
  for (using each of [open()]) continue outer;
  for (using each of [open()]) {
    const each = 1;
  }
  for await (await using each of [open()]) break;
}
try {
  using a = open();
} catch (e) {
  using b = open();
} finally {
  using c = open();
}
switch (1) {
  case 1: {
    using d = open();
  }
}
const f = async () => {
  await using g = open();
  return () => g;
};
function using(using: number) {
  using
  using++;
}
declare function open(): any;
declare const babelHelpers: any;
