function f(a: number) { return a; }
const g = function* named() { "use strict"; yield 1; };
const o = { m() {}, get p() { return 1; }, set p(v) {}, async *q() {} };
class A { constructor() {} m() {} static s() {} get p() { return 1; } #private() {} }
