let i = 0, n = 1, u = x; const k = 2 * i;
for (; i < 10; i++) n = n * i + 1;
f(a * b, a * 2, i * b, (a * b) | 0, a * b < c, a * b + c * d, -(a * b), a ** b, a ** 2, 2n ** a, a << b, a << 3, o.p << q());
u *= x; u *= 2; o.p *= x; o[k] *= x; this_.a.b *= x; f().p **= x; f()[g()] <<= x; n *= i;
class A { #p = x; m() { this.#p *= x; super.q *= x; } }
