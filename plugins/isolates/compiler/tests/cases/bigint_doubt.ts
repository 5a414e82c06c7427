let a = 0; a = input; a * a;
let b = 0; [b] = input; b * b;
let c = 0; for (c of input) c * c;
let d = 0; d ??= input; d * d;
let e; e * e;
let f: number; f = g(); f * f;
declare let h: number; h * h;
function p(q: number, r = 1) { return q * q + r * r; }
var v = 1; { var v = input; } v * v;
