//! What a program does when all goes well, and how ordinary errors end it.

use helios_isolates::ThreadConfig;
use helios_isolates::testing::{Life, Machine, Setup, program, program_of};
use libtest_mimic::Trial;

use super::{MakeHost, both, run};

pub(crate) fn tests() -> Vec<Trial> {
    let cases: [(&str, fn(MakeHost)); 9] = [
        ("prints_and_exits", prints_and_exits),
        ("exit_ends_at_once", exit_ends_at_once),
        ("errors_have_typescript_positions", errors_have_typescript_positions),
        ("rejections_end_the_process", rejections_end_the_process),
        ("compile_errors_are_reported", compile_errors_are_reported),
        ("modules_resolve_inside_the_graph", modules_resolve_inside_the_graph),
        ("internal_is_for_the_library", internal_is_for_the_library),
        ("sleeps_pass_in_virtual_time", sleeps_pass_in_virtual_time),
        ("workers_do_not_matter", workers_do_not_matter),
    ];
    cases.into_iter().flat_map(|(name, test)| both(name, test)).collect()
}

fn prints_and_exits(make: MakeHost) {
    let transcript = run(
        make,
        "import { stdout } from 'helios:process'; await stdout.write(`${6 * 7}\\n`);",
    );
    assert_eq!(transcript.to_string(), "42\n");
    assert_eq!(transcript.code, Some(0));
    assert!(transcript.gas > 0);
}

fn exit_ends_at_once(make: MakeHost) {
    let source = "import { exit, stdout } from 'helios:process';
        try { exit(7); } catch { await stdout.write('caught'); } finally { await stdout.write('finally'); }
        exit(8);";
    let transcript = run(make, source);
    assert_eq!(transcript.to_string(), "--- exit 7\n");
}

fn errors_have_typescript_positions(make: MakeHost) {
    let source = "interface A { b: number }\ntype C = A | undefined;\nfunction f(c: C): never {\n  throw new TypeError('boom' + c);\n}\n\nf(undefined);\n";
    let transcript = run(make, source);
    let expected = "--- stderr\nUncaught TypeError: boomundefined\n    at f (/bin/program:4:9)\n    at /bin/program:7:1\n--- exit 1\n";
    assert_eq!(transcript.to_string(), expected);
    let waiting =
        "async function f() { await null; throw new Error('late'); }\nasync function g() { await f(); }\nawait g();";
    let expected = "--- stderr\nUncaught Error: late\n    at f (/bin/program:1:40)\n    at async g (/bin/program:2:22)\n    at async /bin/program:3:1\n--- exit 1\n";
    assert_eq!(run(make, waiting).to_string(), expected);
    let caught = "import { stdout } from 'helios:process';\nclass Mine extends Error { name = 'Mine'; }\ntry { throw new Mine('x'); } catch (e) { await stdout.write((e as Error).stack + '\\n'); }";
    assert_eq!(run(make, caught).to_string(), "Mine: x\n    at /bin/program:3:13\n");
}

fn rejections_end_the_process(make: MakeHost) {
    let transcript = run(
        make,
        "void Promise.reject(new RangeError('lost')); await new Promise(() => {});",
    );
    assert!(
        transcript
            .to_string()
            .starts_with("--- stderr\nUncaught RangeError: lost\n    at /bin/program:1:21"),
        "{transcript}"
    );
    let late = "const p = Promise.reject(1); await null; await p.catch(() => {});";
    assert_eq!(run(make, late).to_string(), "");
    for (thrown, text) in [
        ("1", "1"),
        ("null", "null"),
        ("'x'", "x"),
        ("{ a: 1 }", "[object Object]"),
    ] {
        let transcript = run(make, &format!("throw {thrown};"));
        assert_eq!(
            transcript.to_string(),
            format!("--- stderr\nUncaught {text}\n--- exit 1\n")
        );
    }
}

fn compile_errors_are_reported(make: MakeHost) {
    let transcript = run(make, "let x: number = ;");
    assert_eq!(transcript.code, Some(1));
    assert!(transcript.stderr.contains("/bin/program:1:17"), "{transcript}");
}

fn modules_resolve_inside_the_graph(make: MakeHost) {
    let sources = [
        (
            "/bin/main.ts",
            "import { stdout } from 'helios:process'; import { two } from './two.ts';
             const { three } = await import('./three.ts');
             let missing = ''; try { const name = './four.ts'; await import(name); } catch (e) { missing = (e as Error).message; }
             await stdout.write(`${two} ${three} ${missing}\\n`);",
        ),
        ("/bin/two.ts", "export const two = 2; await null;"),
        ("/bin/three.ts", "import { two } from './two.ts'; export const three = two + 1;"),
    ];
    let mut host = make(ThreadConfig::workers(1));
    let mut machine = Machine::new([Life::new(1, program_of(&sources), Setup::default())]);
    let transcript = machine.run(&mut *host).remove(0);
    assert_eq!(
        transcript.to_string(),
        "2 3 cannot find module \"./four.ts\" imported from /bin/main.ts\n"
    );
}

fn internal_is_for_the_library(make: MakeHost) {
    let transcript = run(
        make,
        "import { syscall } from 'helios:internal'; syscall('exit', { code: 3 });",
    );
    assert_eq!(transcript.code, Some(1));
    assert!(transcript.stderr.contains("helios:internal"), "{transcript}");
    let transcript = run(make, "const name = 'helios:internal'; await import(name);");
    assert_eq!(transcript.code, Some(1));
    let reach = "import { stdout } from 'helios:process';
        await stdout.write(String(Object.getOwnPropertyNames(globalThis).filter((name) => name.includes('$'))));
        await stdout.write(String(Object.keys(import.meta)));";
    assert_eq!(run(make, reach).to_string(), "url");
}

fn sleeps_pass_in_virtual_time(make: MakeHost) {
    let source = "import { stdout } from 'helios:process'; import { sleep, now } from 'helios:time';
        const start = now(); await Promise.all([sleep(1500), sleep(20)]);
        await stdout.write(String(now() - start));";
    assert_eq!(run(make, source).to_string(), "1500");
}

fn workers_do_not_matter(make: MakeHost) {
    let source = |n: u32| {
        format!(
            "import {{ stdout }} from 'helios:process'; import {{ sleep }} from 'helios:time';
             let sum = 0; for (let i = 0; i < {n}000; i++) {{ sum += i; if (i % 1000 === 0) await sleep(i % 3); }}
             await stdout.write(`${{sum}} ${{Math.random()}}\\n`);"
        )
    };
    let run = |workers: usize| {
        let mut host = make(ThreadConfig::workers(workers));
        let setup = Setup {
            gas: 5_000,
            ..Setup::default()
        };
        Machine::new((1..=8).map(|n| Life::new(n, program(&source(n)), setup.clone()))).run(&mut *host)
    };
    let one = run(1);
    assert!(one.iter().all(|transcript| transcript.code == Some(0)), "{one:?}");
    assert_eq!(one, run(4));
}
