const [a, ...b] = x, { c, ...d } = y, { e: [f, ...g] } = z;
for (const [h, ...i] of x) use(i);
function j([k, ...l], { ...m }) {}
const n = ({ ...p }) => p;
try { } catch ({ ...q }) { }
let r, s, t; [r, ...s] = x; t = { r, ...s } = y;
export const [u, ...v] = x;
