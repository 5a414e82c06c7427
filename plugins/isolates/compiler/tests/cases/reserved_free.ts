$g = 1e9;
typeof $o;
const f = () => ({ $h });
for ($t of x);
