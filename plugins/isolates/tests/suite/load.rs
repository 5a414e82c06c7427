//! Modules that a process loads while it runs are part of what its journal rebuilds.

use helios_isolates::ThreadConfig;
use helios_isolates::testing::{Life, Machine, Setup, Transcript, program};
use libtest_mimic::Trial;

use super::{MakeHost, both, run};

pub(crate) fn tests() -> Vec<Trial> {
    let cases: [(&str, fn(MakeHost)); 6] = [
        (
            "loaded_modules_run_in_their_process",
            loaded_modules_run_in_their_process,
        ),
        ("what_is_wrong_with_a_loaded_module_rejects", what_is_wrong_rejects),
        ("a_process_that_loads_is_rebuilt", a_process_that_loads_is_rebuilt),
        ("defining_is_charged_by_size", defining_is_charged_by_size),
        ("only_the_library_defines", only_the_library_defines),
        ("tampered_definitions_are_refused", tampered_definitions_are_refused),
    ];
    cases.into_iter().flat_map(|(name, test)| both(name, test)).collect()
}

fn setup() -> Setup {
    let files = [
        (
            "/lib/a.ts",
            "import { count } from './b.ts'; export const twice = () => [count(), count()];",
        ),
        (
            "/lib/b.ts",
            "let n = 0; export const count = () => ++n; export type T = number;",
        ),
    ];
    Setup {
        files: files.map(|(path, source)| (path.to_owned(), source.to_owned())).into(),
        ..Setup::default()
    }
}

fn run_with_files(make: MakeHost, source: &str) -> Transcript {
    let mut host = make(ThreadConfig::workers(1));
    Machine::new([Life::new(1, program(source), setup())])
        .run(&mut *host)
        .remove(0)
}

fn loaded_modules_run_in_their_process(make: MakeHost) {
    let source = "import { load, stdout } from 'helios:process'; import { sleep } from 'helios:time';
        globalThis.shared = [1];
        const one = await load(`import { twice } from './a.ts'; import { sleep } from 'helios:time';
            await sleep(1); globalThis.shared.push(2); export const x: number = 40; export default twice();
            export function f(a: number) { return a + x; }`, 'repl:1');
        const two = await load(`import { count } from './b.ts'; export const n = count(); export const me = import.meta.url;`);
        const again = await load(`const { twice } = await import('./a.ts'); export const three = twice();`);
        await stdout.write(JSON.stringify([Object.keys(one), one.default, (one.f as (n: number) => number)(2), two, again, globalThis.shared]));
        await stdout.write('\\n' + String(one.f) + '\\n');";
    let transcript = run_with_files(make, source);
    let expected = concat!(
        r#"[["default","f","x"],[1,2],42,{"me":"load:1","n":3},{"three":[4,5]},[1,2]]"#,
        "\nfunction f(a: number) { return a + x; }\n"
    );
    assert_eq!(
        (transcript.code, transcript.stdout.as_str()),
        (Some(0), expected),
        "{transcript}"
    );
}

fn what_is_wrong_rejects(make: MakeHost) {
    let source = "import { load, stdout } from 'helios:process';
        for (const code of ['let x = ;', '\\n\\n  null!.x;', 'throw 7', 'import { none } from \"helios:fs\"', 'import \"helios:internal\"', 'await Promise.reject(new RangeError(\"r\"))']) {
            try { await load(code); await stdout.write('ran\\n'); }
            catch (error) { await stdout.write(String((error as Error).stack ?? error).split('\\n').slice(0, 2).join(' | ') + '\\n'); }
        }
        await stdout.write('alive\\n');";
    let transcript = run_with_files(make, source);
    let expected = "SyntaxError: error: Unexpected token |  --> load:1:1:9
TypeError: Cannot read properties of null (reading 'x') |     at load:2:3:9
7
SyntaxError: The requested module 'helios:fs' does not provide an export named 'none'
SyntaxError: error: `helios:internal` belongs to the system library |  --> load:5:1:8
RangeError: r |     at load:6:1:22
alive
";
    assert_eq!(
        (transcript.code, transcript.stdout.as_str()),
        (Some(0), expected),
        "{transcript}"
    );
}

const LOADER: &str = "import { load, stdout } from 'helios:process'; import { sleep } from 'helios:time';
    let sum = 0;
    for (let i = 0; i < 6; i++) {
        const one = await load(`import { count } from './b.ts'; import { sleep } from 'helios:time'; let s = 0;
            for (let k = 0; k < 900; k++) s += k % (${i} + 1); await sleep(${i}); export const n = s + count() + Math.random();`);
        sum += one.n as number; await sleep(1);
    }
    await stdout.write(`${sum}\\n`);";

fn a_process_that_loads_is_rebuilt(make: MakeHost) {
    let run = |evict_every, parked_max| {
        let setup = Setup {
            gas: 600,
            evict_every,
            ..setup()
        };
        let mut host = make(ThreadConfig {
            parked_max,
            ..ThreadConfig::workers(2)
        });
        Machine::new((1..=2).map(|n| Life::new(n, program(LOADER), setup.clone()))).run(&mut *host)
    };
    let whole = run(0, 64);
    assert!(whole.iter().all(|transcript| transcript.code == Some(0)), "{whole:#?}");
    assert!(whole[0].slices > 20, "it parks often: {} slices", whole[0].slices);
    assert_eq!(run(1, 64), whole, "dropped after every slice");
    assert_eq!(run(5, 0), whole, "dropped after every fifth slice, and never parked");
}

fn defining_is_charged_by_size(make: MakeHost) {
    let gas = |bytes: usize| {
        let source = "import { load } from 'helios:process'; await load('/*' + 'x'.repeat(N) + '*/');";
        run(make, &source.replace('N', &bytes.to_string())).gas
    };
    let (small, large) = (gas(16), gas(160_016));
    // The text itself is made for a gas per 32 units; the kernel's own price is not paid here.
    assert_eq!(large - small, 160_000 / 16 + 160_000 / 32, "{small} and {large}");
}

fn only_the_library_defines(make: MakeHost) {
    for name in ["define", "importDefined"] {
        let transcript = run(
            make,
            &format!("import {{ {name} }} from 'helios:internal'; {name}([]);"),
        );
        assert_eq!(transcript.code, Some(1));
        assert!(
            transcript.stderr.contains("belongs to the system library"),
            "{transcript}"
        );
    }
}

/// The reply passes through objects that a program may have changed.
fn tampered_definitions_are_refused(make: MakeHost) {
    let source = "import { load, stdout } from 'helios:process';
        let put: unknown;
        Object.defineProperty(Object.prototype, 'then', { configurable: true, get() {
            if (!Object.hasOwn(this, 'modules')) return undefined;
            return (done: (value: unknown) => void) => { delete (Object.prototype as any).then; done({ modules: put }); };
        } });
        const then = Object.getOwnPropertyDescriptor(Object.prototype, 'then')!;
        const module = (specifier: string, source: string) => ({ specifier, source, imports: [] });
        for (put of [7, [{}], [module('/usr/lib/helios/web/url.ts', '1')], [module('helios:x', '1')], [module('/usr/lib/helios/none.ts', '1')],
            Array.from({ length: 20 }, (_, i) => module(`m${i}`, '/*' + 'x'.repeat(1000000) + '*/'))]) {
            Object.defineProperty(Object.prototype, 'then', then);
            try { await load('1'); await stdout.write('ran\\n'); }
            catch (error) { await stdout.write(String(error).slice(0, 70) + '\\n'); }
        }";
    let transcript = run(make, source);
    let expected = "TypeError: : expected an array, got an integer
TypeError: [0].specifier: expected a string, got null
SyntaxError: /usr/lib/helios/web/url.ts is a name of the system librar
SyntaxError: helios:x is a name of the system library
SyntaxError: /usr/lib/helios/none.ts is a name of the system library
SyntaxError: a process loads at most 16777216 bytes of source
";
    assert_eq!(
        (transcript.code, transcript.stdout.as_str()),
        (Some(0), expected),
        "{transcript}"
    );
}
