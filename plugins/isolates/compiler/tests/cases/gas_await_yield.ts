await a();
const b = (await c()) + (await d);
async function f() { return await g(await h()); }
function* i() { const j = yield; yield* k(); return yield j; }
