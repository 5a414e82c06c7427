//! The guide's milestones: each row's exit test. Rows that later work brings are not here yet.

use helios_tests::{KINDS, host_name, sh, test_sim, ts};
use libtest_mimic::Trial;

use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for host in KINDS {
        let name = host_name(host);
        // Weeks 1-2, "Kernel MVP: spawn, FS, echo": `cat /etc/issue` prints.
        trials.push(trial(
            format!("milestone::week_1_2::cat_etc_issue::{name}"),
            move || {
                let mut sim = test_sim(host);
                let issue = sh(&mut sim, "cat /etc/issue");
                assert_eq!((issue.code(), issue.stderr.as_slice()), (0, &b""[..]));
                assert!(String::from_utf8_lossy(&issue.stdout).contains("Helios"), "{issue:?}");
                let echo = sh(&mut sim, "echo spawned by a shell");
                assert_eq!(String::from_utf8_lossy(&echo.stdout), "spawned by a shell\n");
            },
        ));
        trials.push(trial(
            format!("milestone::week_1_2::every_process_is_an_isolate_of_its_own::{name}"),
            move || {
                let mut sim = test_sim(host);
                let ps = sh(&mut sim, "ps; true");
                let text = String::from_utf8_lossy(&ps.stdout).into_owned();
                let mut lines = text.lines();
                assert_eq!(
                    lines
                        .next()
                        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
                        .as_deref(),
                    Some("PID %CPU %MEM TTY COMMAND")
                );
                for program in ["/sbin/init", "/bin/sh", "ps"] {
                    assert!(text.contains(program), "{program} is missing:\n{text}");
                }
            },
        ));
        trials.push(trial(
            format!("milestone::week_1_2::a_program_of_the_player::{name}"),
            move || {
                let mut sim = test_sim(host);
                let run = ts(&mut sim, "const n: number = 6; console.log(`answer ${n * 7}`);");
                assert_eq!(
                    (run.code(), String::from_utf8_lossy(&run.stdout).as_ref()),
                    (0, "answer 42\n"),
                    "{run:?}"
                );
            },
        ));
    }
    trials
}
