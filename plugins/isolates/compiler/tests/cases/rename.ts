const $g = 1, { $o, a: $h = $g } = x, [$t] = y;
function f($g, { $h }, ...$o) { $g: for (;;) break $g; try { } catch ($t) { $t; } return { $g, $h, m: $o }; }
class $C { $g = 1; #$h = 2; $o() { return this.$g + this.#$h; } }
({ $g: z.$g, $o: w } = { $g });
const $g_1 = 1;
