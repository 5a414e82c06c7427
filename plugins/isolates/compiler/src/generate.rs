//! Valid TypeScript programs by seed: for tests that compare metered code with unmetered code, and for benchmarks.
//!
//! A generated program ends by itself, throws nothing that it does not catch, and prints what it computes through
//! `console.log`, always one string. It uses only what the language and its built-ins fix: no time, no randomness, no
//! order that an engine may choose.

use std::fmt::Write;

/// Deepest nesting of generated expressions and blocks.
const DEPTH_MAX: u32 = 4;

/// Most statements of one program.
const STATEMENTS_MAX: u32 = 60;

/// The program of a seed. Equal seeds give equal text.
pub fn program(seed: u64) -> String {
    let mut bytes = Vec::with_capacity(4_096);
    let mut state = seed;
    while bytes.len() < 4_096 {
        // SplitMix64, so that near seeds give far programs.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bytes.extend_from_slice(&(z ^ (z >> 31)).to_le_bytes());
    }
    program_from(&bytes)
}

/// The program that a fuzzer's bytes choose; any bytes give a valid program.
pub fn program_from(bytes: &[u8]) -> String {
    let mut writer = Writer {
        choices: bytes,
        at: 0,
        out: String::new(),
        depth: 0,
        left: STATEMENTS_MAX,
        names: 0,
        numbers: Vec::new(),
        inside: Inside::default(),
    };
    writer.prologue();
    while writer.left > 0 && writer.at < bytes.len() {
        writer.statement();
    }
    writer.out.push_str("show(n0, s0, a0, o0, b0);\n");
    writer.out
}

/// A realistic program of about so many lines, for measuring the compiler.
pub fn sample(lines: usize) -> String {
    const UNIT: &str = include_str!("generate/sample.ts");
    let per_unit = UNIT.lines().count();
    let mut out = String::new();
    for index in 0..lines.div_ceil(per_unit).max(1) {
        out.push_str(&UNIT.replace("_N", &format!("_{index}")));
    }
    out
}

/// What the place of a statement allows.
#[derive(Clone, Copy, Default)]
struct Inside {
    function: bool,
    asynchronous: bool,
    generator: bool,
    loops: u32,
}

struct Writer<'b> {
    choices: &'b [u8],
    at: usize,
    out: String,
    depth: u32,
    left: u32,
    names: u32,
    /// Number variables in scope that may be assigned.
    numbers: Vec<String>,
    inside: Inside,
}

impl Writer<'_> {
    fn pick(&mut self, below: u32) -> u32 {
        let byte = self.choices.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        u32::from(byte) % below
    }

    fn fresh(&mut self, prefix: &str) -> String {
        self.names += 1;
        format!("{prefix}{}", self.names)
    }

    fn line(&mut self, text: &str) {
        for _ in 0..=self.depth {
            self.out.push(' ');
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn prologue(&mut self) {
        self.out.push_str(
            "type Value = number | string | boolean | bigint | null | undefined | object;\n\
             const plain = (_: string, v: unknown): unknown =>\n  \
               typeof v === 'bigint' ? `${v}n` : typeof v === 'function' ? `function ${v.name}/${v.length}`\n  \
               : typeof v === 'number' && !Number.isFinite(v) ? String(v) : v;\n\
             const show = (...values: Value[]): void => console.log(values.map(v => JSON.stringify(v, plain) ?? String(v)).join(' '));\n\
             let n0 = 1, s0 = 'a', b0 = 3n;\nlet a0: number[] = [3, 1, 2];\n\
             let o0: Record<string, Value> = { p: 1, q: 'x' };\n\
             const small = (s: string): string => s.length > 60 ? s.slice(-60) : s;\n\
             const few = <T>(a: T[]): T[] => a.length > 20 ? a.slice(-20) : a;\n\
             const low = (b: bigint): bigint => BigInt.asIntN(256, b);\n",
        );
        self.numbers.push("n0".to_owned());
    }

    fn block(&mut self, write: impl FnOnce(&mut Self)) {
        let names = self.numbers.len();
        self.depth += 1;
        write(self);
        self.depth -= 1;
        self.numbers.truncate(names);
    }

    fn body(&mut self) {
        self.block(|w| {
            for _ in 0..=w.pick(3) {
                w.statement();
            }
        });
    }

    fn number_name(&mut self) -> String {
        let index = self.pick(self.numbers.len() as u32) as usize;
        self.numbers[index].clone()
    }

    fn statement(&mut self) {
        if self.left == 0 {
            self.line("n0++;");
            return;
        }
        self.left -= 1;
        let kinds = if self.depth >= DEPTH_MAX { 9 } else { 24 };
        match self.pick(kinds) {
            0 => {
                let (name, value) = (self.fresh("v"), self.number());
                self.line(&format!("let {name}: number = {value};"));
                self.numbers.push(name);
            }
            1 => {
                const OPERATORS: [&str; 13] = [
                    "=", "+=", "-=", "*=", "/=", "%=", "**=", "<<=", ">>=", ">>>=", "&=", "|=", "^=",
                ];
                let (name, value) = (self.number_name(), self.number());
                let operator = OPERATORS[self.pick(13) as usize];
                self.line(&format!(
                    "{name} {operator} {value}; if (!Number.isSafeInteger({name})) {name} = 7;"
                ));
            }
            2 => {
                let value = self.string();
                self.line(&format!("s0 = small({value});"));
            }
            3 => {
                let value = self.array();
                self.line(&format!("a0 = few({value});"));
            }
            4 => {
                let value = self.object();
                self.line(&format!("o0 = {value};"));
            }
            5 => {
                let value = self.big();
                self.line(&format!("b0 = low({value});"));
            }
            6 => {
                let (a, b) = (self.number(), self.string());
                self.line(&format!("show({a}, {b});"));
            }
            7 => {
                let (a, b, c) = (self.fresh("d"), self.fresh("d"), self.fresh("d"));
                let (array, object, number) = (self.array(), self.object(), self.number());
                self.line(&format!(
                    "const [{a} = {number}, ...{b}] = {array}, {{ p: {c}, ...{c}r }} = {object};"
                ));
                self.line(&format!("show({a}, {b}, {c}, {c}r);"));
            }
            8 => self.jump(),
            9 => {
                let test = self.test();
                self.line(&format!("if ({test}) {{"));
                self.body();
                self.line("} else {");
                self.body();
                self.line("}");
            }
            10..=15 => self.looping(),
            16 => {
                let value = self.number();
                self.line(&format!("switch (Math.abs({value}) % 3) {{"));
                self.line("case 0: {");
                self.body();
                self.line("} break;");
                self.line("case 1: show('one');");
                self.line("default: show('other');");
                self.line("}");
            }
            17 => {
                let value = self.number();
                self.line("try {");
                self.body();
                self.line(&format!("if (n0 > {value}) throw new RangeError('e' + s0);"));
                self.line("} catch ({ name, message, ...others }: any) {");
                self.line("show(name, message, others);");
                self.body();
                self.line("} finally {");
                self.body();
                self.line("}");
            }
            18 | 19 => self.function(),
            20 => self.class(),
            21 => self.generator(),
            22 => self.asynchronous(),
            _ => self.types(),
        }
    }

    fn jump(&mut self) {
        let test = self.test();
        match self.pick(4) {
            0 if self.inside.loops > 0 => self.line(&format!("if ({test}) break;")),
            1 if self.inside.loops > 0 => self.line(&format!("if ({test}) continue;")),
            2 if self.inside.asynchronous => self.line(&format!("n0 = (await {test}) ? n0 : 2;")),
            3 if self.inside.generator => self.line(&format!("show(yield ({test}));")),
            _ => self.line(&format!("show({test});")),
        }
    }

    fn looping(&mut self) {
        let (name, turns) = (self.fresh("i"), self.pick(4) + 1);
        self.inside.loops += 1;
        match self.pick(6) {
            0 => {
                self.line(&format!("for (let {name} = 0; {name} < {turns}; {name}++) {{"));
                self.body();
                self.line("}");
            }
            1 => {
                self.line(&format!("let {name} = {turns};"));
                self.line(&format!("while ({name}-- > 0) {{"));
                self.body();
                self.line("}");
            }
            2 => {
                self.line(&format!("let {name} = {turns};"));
                self.line("do {");
                self.body();
                self.line(&format!("}} while (--{name} > 0);"));
            }
            3 => {
                let array = self.array();
                self.line(&format!("for (const {name} of few({array})) {{"));
                self.line(&format!("n0 = (n0 + {name}) | 0;"));
                self.body();
                self.line("}");
            }
            4 => {
                let object = self.object();
                self.line(&format!("for (const {name} in {object}) {{"));
                self.line(&format!("s0 = small(s0 + {name});"));
                self.body();
                self.line("}");
            }
            _ => {
                self.line(&format!("{name}: for (let {name}a = 0; {name}a < {turns}; {name}a++)"));
                self.line(&format!("for (const {name}b of [1, 2, 3]) {{ if ({name}b > {turns} - {name}a) continue {name}; show({name}a, {name}b);"));
                self.body();
                self.line("}");
            }
        }
        self.inside.loops -= 1;
    }

    /// Writes the body of a function of a kind, with nothing of the place around it.
    fn function_body(&mut self, inside: Inside) {
        let outer = std::mem::replace(
            &mut self.inside,
            Inside {
                function: true,
                ..inside
            },
        );
        self.body();
        self.inside = outer;
    }

    fn function(&mut self) {
        let (name, value, array) = (self.fresh("f"), self.number(), self.array());
        match self.pick(3) {
            0 => {
                self.line(&format!(
                    "function {name}(x: number, y = {value}, ...z: number[]): number {{"
                ));
                self.function_body(Inside::default());
                self.line("return (x + y + z.length) | 0;");
                self.line("}");
                self.line(&format!(
                    "show({name}(n0), {name}.length, {name}(1, 2, ...few({array})));"
                ));
            }
            1 => {
                self.line(&format!(
                    "const {name} = (x: number, [y = {value}, ...z]: number[] = {array}) => (x + y + z.length) | 0;"
                ));
                self.line(&format!("show({name}(n0), {name}.name, {name}(2, [4, 5]));"));
            }
            _ => {
                self.line(&format!(
                    "const {name} = (x: number): number => x <= 0 ? {value} : {name}(x - 1) + 1;"
                ));
                self.line(&format!("show({name}(5));"));
            }
        }
    }

    fn class(&mut self) {
        let (name, value, text) = (self.fresh("C"), self.number(), self.string());
        self.line(&format!("class {name} {{"));
        self.line(&format!("static made = 0; static {{ {name}.made += 1; }}"));
        self.line(&format!(
            "x = {value}; f = () => this.x; #p = {text}; g = function () {{}}; [`k${{n0}}`] = 1;"
        ));
        self.line(&format!(
            "constructor(private readonly y: number = {value}, public z?: string) {{ {name}.made++; }}"
        ));
        self.line("get sum(): number { return (this.x + this.y) | 0; } set sum(v: number) { this.x = v | 0; }");
        self.line("get p() { return this.#p; }");
        self.line("}");
        self.line(&format!("class {name}b extends {name} {{ w = super.sum; f = () => 5; override get sum() {{ return super.sum + 1; }} }}"));
        self.line(&format!("class {name}c {{ only = () => 1; }}"));
        let object = self.fresh("o");
        self.line(&format!(
            "const {object} = new {name}b({value}); {object}.x *= 2; {object}.x |= 0;"
        ));
        self.line(&format!("show({object}, {object}.sum, {object}.p, {object}.f(), {object}.f.name, {object}.g.name, {name}.made, new {name}c().only.name);"));
    }

    fn generator(&mut self) {
        let name = self.fresh("g");
        self.line(&format!(
            "function* {name}(x: number): Generator<unknown, unknown, unknown> {{"
        ));
        self.function_body(Inside {
            generator: true,
            ..Inside::default()
        });
        self.line("const got = yield x; show('got', got); yield* [x + 1, x + 2]; return 'end';");
        self.line("}");
        self.line(&format!(
            "show([...{name}(1)]); for (const v of {name}(2)) {{ show(v); if (v === 3) break; }}"
        ));
        self.line(&format!(
            "{{ const it = {name}(5); show(it.next('a'), it.next('b'), it.return('c'), it.next()); }}"
        ));
    }

    fn asynchronous(&mut self) {
        let name = self.fresh("h");
        self.line(&format!("async function {name}(x: number): Promise<number> {{"));
        self.function_body(Inside {
            asynchronous: true,
            ..Inside::default()
        });
        self.line("for await (const v of [Promise.resolve(1), 2]) n0 = (n0 + v) | 0;");
        self.line("return (await x) + (await Promise.resolve(1));");
        self.line("}");
        if self.inside.asynchronous || !self.inside.function {
            self.line(&format!(
                "show(await {name}(1), await Promise.all([1, 2].map(async v => (await {name}(v)) + v)));"
            ));
        } else {
            self.line(&format!("show({name}.name);"));
        }
    }

    fn types(&mut self) {
        let (name, value) = (self.fresh("T"), self.pick(100));
        if self.depth > 0 {
            self.line(&format!(
                "type {name} = {{ a: number; b?: string }}; interface {name}i extends {name} {{ c(): void }}"
            ));
            self.line(&format!("show(({{ a: {value} }} satisfies {name}) as {name});"));
            return;
        }
        self.line(&format!("enum {name} {{ A = {value}, B, C = 'c', D = 1 << 4 }}"));
        self.line(&format!("namespace {name}n {{ let hidden = 1; export const x = {name}.B; export const f = (): number => ++hidden + x; }}"));
        self.line(&format!("show({name}, {name}.A, {name}n.f(), {name}n.x);"));
    }

    fn nested<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        self.depth += 1;
        let value = write(self);
        self.depth -= 1;
        value
    }

    fn number(&mut self) -> String {
        if self.depth > DEPTH_MAX {
            return self.pick(10).to_string();
        }
        self.nested(|w| match w.pick(16) {
            0 | 1 => w.pick(200).to_string(),
            2..=4 => w.number_name(),
            5 => format!("(({} + {}) | 0)", w.number(), w.number()),
            6 => format!("(({} * {}) | 0)", w.number(), w.number()),
            7 => format!("({} - {})", w.number(), w.number()),
            8 => format!("(({} << {}) ^ {})", w.number(), w.number(), w.number()),
            9 => format!("(({} % 5) ** 2)", w.number()),
            10 => format!("({} ? {} : {})", w.test(), w.number(), w.number()),
            11 => format!("{}.length", w.string()),
            12 => format!("Math.max(...{}, 0)", w.array()),
            13 => format!("((a: number, b = {}) => (a * b) | 0)({})", w.number(), w.number()),
            14 => format!("({}?.length ?? 0)", w.array()),
            _ => format!("(({}, {}) | 0)", w.number(), w.number()),
        })
    }

    fn test(&mut self) -> String {
        if self.depth > DEPTH_MAX {
            return "n0 > 3".to_owned();
        }
        self.nested(|w| match w.pick(6) {
            0 => format!("({} < {})", w.number(), w.number()),
            1 => format!("({} === {})", w.string(), w.string()),
            2 => format!("(!{} && {})", w.test(), w.test()),
            3 => format!(
                "/{}+(b|c)?$/i.test({})",
                ["a", "x", "[0-9]", "\\\\w"][w.pick(3) as usize],
                w.string()
            ),
            4 => format!("('p' in {})", w.object()),
            _ => format!("({} > {})", w.big(), w.number()),
        })
    }

    fn string(&mut self) -> String {
        if self.depth > DEPTH_MAX {
            return "s0".to_owned();
        }
        self.nested(|w| match w.pick(7) {
            0 => "s0".to_owned(),
            1 => format!("'{}'", ["", "a", "xyz", "h\\u00e9", "1"][w.pick(5) as usize]),
            2 => format!("`<${{{}}}-${{{}}}>`", w.number(), w.string()),
            3 => format!("({} + {})", w.string(), w.number()),
            4 => format!("{}.replace(/[aeiou]/g, c => c.toUpperCase())", w.string()),
            5 => format!("[...{}].reverse().join('')", w.string()),
            _ => format!("(typeof {})", w.object()),
        })
    }

    fn array(&mut self) -> String {
        if self.depth > DEPTH_MAX {
            return "a0".to_owned();
        }
        self.nested(|w| match w.pick(6) {
            0 | 1 => "a0".to_owned(),
            2 => format!("[{}, ...{}, {}]", w.number(), w.array(), w.number()),
            3 => format!("{}.map((v, i) => (v * i) | 0)", w.array()),
            4 => format!("[...new Set({})]", w.array()),
            _ => format!("{}.filter(v => v > {})", w.array(), w.number()),
        })
    }

    fn object(&mut self) -> String {
        if self.depth > DEPTH_MAX {
            return "o0".to_owned();
        }
        self.nested(|w| match w.pick(5) {
            0 => "{ p: 1, q: 'x' }".to_owned(),
            1 => format!(
                "{{ p: {}, [{}]: {}, m() {{ return 1; }} }}",
                w.number(),
                w.string(),
                w.number()
            ),
            2 => format!(
                "{{ ...{{ p: {}, r: [{}] }}, q: {} }}",
                w.number(),
                w.number(),
                w.string()
            ),
            3 => format!("{{ p: null, ...{} }}", w.array()),
            _ => format!(
                "{{ get p() {{ return {}; }}, f: (x = {}) => x }}",
                w.number(),
                w.number()
            ),
        })
    }

    fn big(&mut self) -> String {
        if self.depth > DEPTH_MAX {
            return "b0".to_owned();
        }
        self.nested(|w| {
            let mut out = String::new();
            let (a, b) = (w.pick(100), w.pick(30));
            let _ = match w.pick(6) {
                0 => write!(out, "{a}n"),
                1 => write!(out, "(b0 * {})", w.big()),
                2 => write!(out, "({} + {a}n)", w.big()),
                3 => write!(out, "(b0 ** {}n)", b % 4),
                4 => write!(out, "(b0 << {b}n)"),
                _ => write!(out, "BigInt({} | 0)", w.number()),
            };
            out
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CompileOptions, compile, strip_only};

    #[test]
    fn every_program_compiles_metered_and_stripped() {
        for seed in 0..300 {
            let source = program(seed);
            if let Err(diagnostics) = compile(&source, &CompileOptions::default()) {
                panic!("seed {seed}:\n{diagnostics}");
            }
            strip_only(&source).unwrap();
        }
    }

    #[test]
    fn any_bytes_make_a_program() {
        for bytes in [&[][..], &[255; 3], &[20; 500], &[7, 0, 13, 22, 23, 9, 21]] {
            compile(&program_from(bytes), &CompileOptions::default()).unwrap();
        }
    }

    #[test]
    fn the_sample_compiles_at_any_length() {
        for lines in [1, 500, 2_000] {
            let source = sample(lines);
            assert!(source.lines().count() >= lines);
            compile(&source, &CompileOptions::default()).unwrap();
        }
    }
}
