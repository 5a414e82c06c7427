while (a()) b();
while (1);
do c(); while (d());
for (let i = 0; i < 10; i++) { if (i) continue; e(i); }
for (;;) break;
for (const x of xs) f(x);
for (const k in o) continue;
for await (const x of xs) f(x);
outer: for (;;) { for (;;) continue outer; }
