//! Programs that run more TypeScript in themselves, and computations that a signal interrupts, on a whole machine.

use helios_tests::{KINDS, host_name, sh, test_sim, ts};
use libtest_mimic::Trial;

use crate::trial;

/// A child computes in a module that it loaded and is interrupted there; then it hears of a signal between computations,
/// and becomes a program that has loaded nothing.
pub(crate) const PROGRAM: &str = "import { spawn } from 'helios:process'; import { sleep } from 'helios:time';\n\
                 const next = `import { load } from 'helios:process'; console.log('next', (await load('export const x = 1', 'spin:1')).x);`;\n\
                 const code = `import { exec, load, on } from 'helios:process';\n\
                 const heard = new Promise((done) => on('SIGINT', (name) => { console.log('heard', name); done(undefined); }, { interrupt: true }));\n\
                 const spin = await load('let k = 0; export function run() { for (;;) k++; } export const far = () => k > 1000 && Math.random();', 'spin:1');\n\
                 for (let i = 0; i < 3; i++) { try { spin.run(); } catch (error) { console.log(error.stack, spin.far()); } }\n\
                 await heard; await exec({ code: ${JSON.stringify(next)} });`;\n\
                 const child = await spawn({ code });\n\
                 for (let i = 0; i < 4; i++) { await sleep(180); await child.kill('SIGINT'); }\n\
                 console.log(JSON.stringify(await child.wait()));";

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for host in KINDS {
        let name = host_name(host);
        trials.push(trial(
            format!("loads::interrupted_where_it_computes::{name}"),
            move || {
                let run = ts(&mut test_sim(host), PROGRAM);
                let text = String::from_utf8_lossy(&run.stdout).into_owned();
                let places: Vec<&str> = text.lines().filter(|line| line.contains("spin:1:1:")).collect();
                assert_eq!((run.code(), places.len()), (0, 3), "{run:?}");
                let expected = ["Error: interrupted", "heard SIGINT", "next 1", "\"code\":0"];
                assert!(expected.iter().all(|words| text.contains(words)), "{text}");
            },
        ));
        trials.push(trial(format!("loads::a_file_is_read_once::{name}"), move || {
            let mut sim = test_sim(host);
            let made = sh(&mut sim, "cd /tmp; echo 'export const v = 1; export let n = 0; export const up = () => ++n;' > v.ts");
            assert_eq!(made.code(), 0, "{made:?}");
            let run = ts(
                &mut sim,
                "import { chdir, load } from 'helios:process'; import { writeFile } from 'helios:fs';
                await chdir('/tmp');
                const one = await load(\"import { up, v } from './v.ts'; up(); export { v }\");
                await writeFile('/tmp/v.ts', 'export const v = 2; let x = ;');
                const refused = await load(\"import './w.ts'\").catch((error) => error.code);
                await writeFile('/tmp/w.ts', 'let x = ;');
                const broken = await load(\"import './w.ts'\").catch((error) => `${error.code} ${error.message.includes('/tmp/w.ts:1:9')}`);
                await writeFile('/tmp/w.ts', 'export const w = 3;');
                const two = await load(\"import { w } from './w.ts'; import { n } from '/tmp/v.ts'; export { w, n }\");
                console.log(one.v, refused, broken, two.w, two.n);",
            );
            let text = String::from_utf8_lossy(&run.stdout).into_owned();
            assert_eq!((run.code(), text.as_str()), (0, "1 ENOENT ENOEXEC true 3 1\n"), "{run:?}");
        }));
    }
    trials
}
