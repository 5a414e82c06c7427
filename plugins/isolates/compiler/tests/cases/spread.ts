f(...a); new F(1, ...a); const b = [...a, 1], c = { ...a, d: 1, ...e };
o?.p?.(...a); super_(...f(...a));
