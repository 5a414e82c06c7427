//! Generated scenarios: TypeScript programs made from a seed, for the soak and the determinism matrix.
//!
//! A program does what players' programs do, in an order that only the seed knows: files, directories, pipes, children,
//! mailboxes, timers, signals, random numbers and plain computing. It prints what it saw, so that a difference between
//! two runs also shows in its output and not in its hash alone.

use std::fmt::Write as _;

use chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

/// Deepest nesting of generated children.
const MAX_DEPTH: u32 = 2;

struct Maker {
    rng: ChaCha8Rng,
    out: String,
    next: u32,
}

impl Maker {
    fn below(&mut self, bound: u32) -> u32 {
        self.rng.next_u32() % bound
    }

    fn name(&mut self) -> u32 {
        self.next += 1;
        self.next
    }

    fn line(&mut self, indent: usize, text: &str) {
        _ = writeln!(self.out, "{:width$}{text}", "", width = indent * 2);
    }

    fn statement(&mut self, indent: usize, depth: u32) {
        let n = self.name();
        let file = self.below(4);
        let size = 1 + self.below(3000);
        match self.below(12) {
            0 => {
                self.line(
                    indent,
                    &format!(
                        "await fs.writeFile(dir + '/f{file}', 'x'.repeat({size}), {{ append: {} }});",
                        size.is_multiple_of(2)
                    ),
                );
            }
            1 => {
                self.line(indent, &format!("try {{ const b{n} = await fs.readFile(dir + '/f{file}'); say('read', b{n}.length, sum(b{n})); }} catch (e) {{ fail(e); }}"));
            }
            2 => {
                self.line(
                    indent,
                    &format!(
                        "try {{ await fs.mkdir(dir + '/d{file}'); say('mkdir {file}'); }} catch (e) {{ fail(e); }}"
                    ),
                );
            }
            3 => {
                let other = self.below(4);
                self.line(indent, &format!("try {{ await fs.rename(dir + '/f{file}', dir + '/d{other}/r{n}'); say('rename'); }} catch (e) {{ fail(e); }}"));
            }
            4 => {
                self.line(
                    indent,
                    "try { say('list', (await fs.readdir(dir)).map((e) => e.name).join()); } catch (e) { fail(e); }",
                );
            }
            5 => {
                let ms = self.below(30);
                self.line(indent, &format!("await time.sleep({ms}); say('slept', Date.now());"));
            }
            6 => {
                let turns = 50 + self.below(4000);
                self.line(indent, &format!("let k{n} = {file}; for (let i = 0; i < {turns}; i++) k{n} = (k{n} * 31 + i) | 0; say('sum', k{n});"));
            }
            7 => {
                self.line(
                    indent,
                    "say('random', Math.floor(Math.random() * 1e6), crypto.getRandomValues(new Uint8Array(4)).join());",
                );
            }
            8 if depth < MAX_DEPTH => {
                self.line(
                    indent,
                    &format!(
                        "const c{n} = await process.spawn({{ code: child{}, argv: ['c{n}', dir] }});",
                        depth
                    ),
                );
                self.line(indent, &format!("say('child', JSON.stringify(await c{n}.wait()));"));
            }
            9 => {
                let ms = 1 + self.below(20);
                self.line(indent, &format!("await Promise.all([1, 2, 3].map(async (i) => {{ await time.sleep(i * {ms}); say('timer {n}', i); }}));"));
            }
            10 => {
                self.line(indent, &format!("{{ const p = await fs.pipe(); const w = fs.fromFd(p.write), r = fs.fromFd(p.read); await w.write('pipe {n} '.repeat({})); await w.close(); say('pipe', (await r.readAll()).length); await r.close(); }}", 1 + size % 200));
            }
            _ => {
                self.line(indent, &format!("await ipc.send(process.pid, new Uint8Array([{file}, {n} & 255])); say('mail', (await ipc.receive()).data.join());"));
            }
        }
    }

    fn body(&mut self, depth: u32, statements: u32) {
        for _ in 0..statements {
            self.statement(1, depth);
        }
    }
}

const PRELUDE: &str = "\
import * as process from 'helios:process';
import * as fs from 'helios:fs';
import * as time from 'helios:time';
import * as ipc from 'helios:ipc';
const lines: string[] = [];
const say = (...what: unknown[]): void => { lines.push(what.join(' ')); };
const fail = (error: unknown): void => { say('failed', (error as { code?: string }).code ?? String(error)); };
const sum = (bytes: Uint8Array): number => bytes.reduce((a, b) => (a * 33 + b) >>> 0, 7);
";

/// The program of `seed`. The same seed always gives the same text.
#[must_use]
pub fn program(seed: u64) -> String {
    let mut maker = Maker {
        rng: ChaCha8Rng::seed_from_u64(seed),
        out: String::new(),
        next: 0,
    };
    let mut children = Vec::new();
    for depth in (1..=MAX_DEPTH).rev() {
        maker.out.clear();
        let statements = 2 + maker.below(5);
        maker.body(depth, statements);
        let mut code = format!("{PRELUDE}const dir = process.args[0] ?? '/tmp';\n");
        if let Some(inner) = children.last() {
            _ = writeln!(
                code,
                "const child{depth} = {};",
                serde_json::Value::String(String::clone(inner))
            );
        }
        code.push_str(&maker.out);
        code.push_str("await process.stdout.write(lines.join('\\n') + '\\n');\n");
        children.push(code);
    }
    maker.out.clear();
    let statements = 6 + maker.below(10);
    maker.body(0, statements);
    let inner = children.last().expect("there is at least one level of children");
    format!(
        "{PRELUDE}const dir = '/tmp/g{seed}';\nawait fs.mkdir(dir);\nconst child0 = {};\n{}await process.stdout.write(lines.join('\\n') + '\\n');\n",
        serde_json::Value::String(inner.clone()),
        maker.out
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_seed_names_one_program() {
        assert_eq!(super::program(7), super::program(7));
        assert_ne!(super::program(7), super::program(8));
    }

    #[test]
    fn generated_programs_are_valid_typescript() {
        for seed in 0..50 {
            let source = super::program(seed);
            let diagnostics = helios_compiler::check(&source, "generated.ts");
            assert!(!diagnostics.has_errors(), "seed {seed}: {diagnostics}\n{source}");
        }
    }
}
