let $g, $t; ({ $g, $t = 1 } = x); [$g, ...$t] = y; $g++; $g *= z; for ($g of y); enum $h { A } namespace $o { export const b = 1; }
