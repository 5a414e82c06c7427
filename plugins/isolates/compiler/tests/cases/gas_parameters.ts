function f(a = g(), b = 1, c = () => 2, d = x, [e = h(), { [i()]: j = k }] = [], ...rest) {}
const l = (a = class { static b = m(); }, { c = -1, ...d } = {}) => a;
