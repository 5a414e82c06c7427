//! Signals that interrupt a computation: thrown where it goes on, the same in every rebuild.

use helios_isolates::ThreadConfig;
use helios_isolates::testing::{Life, Machine, Setup, Transcript, program};
use libtest_mimic::Trial;

use super::{MakeHost, both};

pub(crate) fn tests() -> Vec<Trial> {
    let cases: [(&str, fn(MakeHost)); 5] = [
        (
            "an_interrupt_is_caught_where_it_meets_the_program",
            caught_where_it_meets_the_program,
        ),
        ("an_uncaught_interrupt_ends_the_process", uncaught_ends_the_process),
        (
            "between_computations_the_handler_is_called",
            between_computations_the_handler_is_called,
        ),
        ("the_library_is_not_interrupted", the_library_is_not_interrupted),
        ("interrupted_lives_are_rebuilt", interrupted_lives_are_rebuilt),
    ];
    cases.into_iter().flat_map(|(name, test)| both(name, test)).collect()
}

fn run(make: MakeHost, source: &str, signals_at: &[u64]) -> Transcript {
    let setup = Setup {
        gas: 1_000,
        signals_at: signals_at.to_vec(),
        slices_max: 2_000,
        ..Setup::default()
    };
    let mut host = make(ThreadConfig::workers(1));
    Machine::new([Life::new(1, program(source), setup)])
        .run(&mut *host)
        .remove(0)
}

fn caught_where_it_meets_the_program(make: MakeHost) {
    let source = "import { on, stdout } from 'helios:process';
on('SIGINT', () => {}, { interrupt: true });
function spin() { for (;;); }
let text = '';
for (let i = 0; i < 2; i++) { try { spin(); } catch (error) { text += (error as Error).stack + '\\n'; } finally { text += 'finally\\n'; } }
await stdout.write(text);";
    let transcript = run(make, source, &[3, 9]);
    let one = "Error: interrupted\n    at spin (/bin/program:3:19)\n    at /bin/program:5:37\nfinally\n";
    assert_eq!((transcript.code, transcript.stdout), (Some(0), one.repeat(2)));
}

fn uncaught_ends_the_process(make: MakeHost) {
    let transcript = run(make, "for (;;);", &[4]);
    assert_eq!((transcript.code, transcript.slices), (Some(1), 5));
    assert!(
        transcript
            .stderr
            .starts_with("Uncaught Error: interrupted\n    at /bin/program:1"),
        "{transcript}"
    );
}

fn between_computations_the_handler_is_called(make: MakeHost) {
    let source = "import { on, stdout } from 'helios:process';
        await new Promise<void>((done) => on('SIGINT', (name) => { void stdout.write(name); done(); }, { interrupt: true }));";
    // The slice after the one that takes the answer of `sigaction`.
    let transcript = run(make, source, &[2]);
    assert_eq!(
        (transcript.code, transcript.stdout.as_str()),
        (Some(0), "SIGINT"),
        "{transcript}"
    );
}

/// Work of the library alone is not stopped half way: what follows of the program is.
fn the_library_is_not_interrupted(make: MakeHost) {
    let source = "import { on, stdout } from 'helios:process';
        on('SIGINT', () => { console.log('handled'); }, { interrupt: true });
        const out: string[] = [];
        for (let i = 0; i < 20; i++) {
            try { const parts = structuredClone(Array.from({ length: 100 }, () => ({ a: [1, 2] })));
                  out.push(parts.length === 100 && parts.every((part) => part.a[1] === 2) ? 'whole' : 'torn'); }
            catch (error) { out.push((error as Error).message, String((error as Error).stack).split('\\n')[1]!.includes('/bin/program') ? 'here' : 'elsewhere'); }
        }
        await stdout.write(out.join(' '));";
    let transcript = run(make, source, &[8, 21, 34, 47, 60]);
    assert_eq!(transcript.code, Some(0), "{transcript:?}");
    assert!(
        transcript.stdout.contains("interrupted here") && transcript.stdout.contains("whole"),
        "{transcript}"
    );
    assert!(
        !transcript.stdout.contains("torn") && !transcript.stdout.contains("elsewhere"),
        "{transcript}"
    );
}

const BUSY: &str = "import { on, stdout } from 'helios:process'; import { sleep } from 'helios:time';
    let handled = 0, caught = 0;
    on('SIGINT', () => { handled++; }, { interrupt: true });
    async function work(n: number) {
        for (let i = 0; i < n; i++) {
            try { let x = 0; for (let k = 0; k < 150 * (i % 5); k++) x += [3, 1, 2].toSorted()[0]! + k % (i + 1); await sleep(i % 3); }
            catch (error) { caught += (error as Error).message.length; }
        }
    }
    await Promise.all([work(9), work(12)]);
    await stdout.write(`${handled} ${caught} ${Math.random()}\\n`);";

fn interrupted_lives_are_rebuilt(make: MakeHost) {
    let run = |evict_every, parked_max| {
        let setup = Setup {
            gas: 700,
            signals_at: (3..300).step_by(4).collect(),
            evict_every,
            ..Setup::default()
        };
        let mut host = make(ThreadConfig {
            parked_max,
            ..ThreadConfig::workers(2)
        });
        Machine::new((1..=2).map(|n| Life::new(n, program(BUSY), setup.clone()))).run(&mut *host)
    };
    let whole = run(0, 64);
    assert!(whole.iter().all(|transcript| transcript.code == Some(0)), "{whole:#?}");
    assert!(
        !whole[0].stdout.starts_with("0 ") && !whole[0].stdout.contains(" 0 "),
        "both ways: {whole:#?}"
    );
    for (every, parked_max) in [(1, 64), (3, 64), (7, 0)] {
        assert_eq!(
            run(every, parked_max),
            whole,
            "dropped after every {every} slices, {parked_max} parked"
        );
    }
}
