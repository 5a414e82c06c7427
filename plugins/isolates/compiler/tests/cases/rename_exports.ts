export const $g = 1, other = 2;
export function $o() { return $g; }
export class $h { static self = $h; }
import { $t } from "./t.ts";
export { $t, $t as renamed };
export { $g as again } from "./g.ts";
export default function () { return $g; }
