class Fields { a = f(); b = 1; c; static d = g(); static { h(); } }
class Empty { a; }
class Arrows { a = () => 1; #b = () => 2; }
class Quoted { "x y" = function () {}; 1 = () => 1; }
class Computed { [k()] = () => 1; }
class Heritage extends mixin(Base) { [key()]() {} }
class Types { declare a: number; b?: string; readonly c!: boolean; }
