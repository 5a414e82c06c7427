//! Many of everything: what a machine bears without a hang, and what it answers beyond that.

use helios::args::HostKind;
use helios::sim::{HostChoice, Sim};
use helios_engine::hash::HashPolicy;
use helios_engine::worlds::{BuildOptions, builtin_world};
use helios_tests::{sh, ts};
use libtest_mimic::Trial;

use crate::trial;

/// Crowds are about the machine, not the host: one host will do.
const HOST: HostChoice = HostChoice {
    kind: HostKind::Threads,
    workers: 2,
    live_max: None,
};

/// The default world with these lines in its machine, hashed at epochs as a player's is.
fn roomy(machine: &str) -> Sim {
    let single = builtin_world("single").expect("the default world is part of the program");
    let text = single.replacen("machine: (", &format!("machine: ({machine}"), 1);
    let text = text.replacen("memory_bytes: 268435456", "memory_bytes: 68719476736", 1);
    Sim::built(
        "roomy.ron",
        &text,
        BuildOptions::default(),
        HOST,
        HashPolicy::EveryEpoch,
    )
    .expect("the world can be built")
}

fn check(sim: &mut Sim, lines: &[(&str, &str)]) {
    for (line, wanted) in lines {
        let end = sh(sim, line);
        let errors = String::from_utf8_lossy(&end.stderr).into_owned();
        assert_eq!(String::from_utf8_lossy(&end.stdout), *wanted, "{line}\n{errors}");
    }
}

fn a_hundred_thousand_files() {
    let source = "import { mkdir, open } from 'helios:fs';
        await mkdir('/tmp/many');
        const name = (i: number): string => `/tmp/many/f${String(i).padStart(6, '0')}`;
        for (let i = 0; i < 100_000; i += 100)
            await Promise.all(Array.from({ length: 100 }, async (_, j) => (await open(name(i + j), 'w')).close()));
        console.log('made');";
    let mut sim = roomy("");
    let made = ts(&mut sim, source);
    assert_eq!(
        (made.code(), made.stdout.as_slice()),
        (0, b"made\n".as_slice()),
        "{made:?}"
    );
    check(
        &mut sim,
        &[
            ("ls /tmp/many | wc -l", "100000\n"),
            ("ls -U /tmp/many | head -2 | wc -l", "2\n"),
            ("ls -l /tmp/many | head -2 | tail -1 | cut -c 1-10", "-rw-r--r--\n"),
            ("cd /tmp/many; set -- f0999*; echo $#", "100\n"),
            ("find /tmp/many -name 'f0*5' -delete; ls /tmp/many | wc -l", "90000\n"),
            (
                "rm -rf /tmp/many; ls /tmp/many 2>&1",
                "ls: cannot access '/tmp/many': No such file or directory\n",
            ),
        ],
    );
}

fn ten_thousand_children_in_succession() {
    let mut sim = roomy("");
    check(
        &mut sim,
        &[
            (
                "i=0; while [ $i -lt 10000 ]; do /bin/true || echo failed; i=$((i + 1)); done; echo $i",
                "10000\n",
            ),
            ("ps -e -o comm= | grep -cx true", "0\n"),
        ],
    );
}

/// As many as may live at a time; the next ones wait for the end of others.
fn children_beyond_the_limit() {
    let source = "import { spawn } from 'helios:process';
        let refused = 0, spawned = 0;
        const live = new Set<Promise<unknown>>();
        while (spawned < 600) {
            try {
                const child = await spawn({ path: '/bin/sleep', args: ['10'] });
                spawned++;
                const end: Promise<unknown> = child.wait().finally(() => live.delete(end));
                live.add(end);
            } catch (error) {
                if ((error as { code?: string }).code !== 'EAGAIN') throw error;
                refused++;
                await Promise.race(live);
            }
        }
        await Promise.all(live);
        console.log(spawned, refused > 0, live.size);";
    let mut sim = roomy("");
    let end = ts(&mut sim, source);
    assert_eq!(
        (end.code(), end.stdout.as_slice()),
        (0, b"600 true 0\n".as_slice()),
        "{end:?}"
    );
}

fn two_thousand_live_children() {
    let source = "import { spawn } from 'helios:process';
        const children = [];
        for (let i = 0; i < 2_000; i++) children.push(await spawn({ path: '/bin/sleep', args: ['100000'] }));
        console.log(children.length);
        await Promise.all(children.map((child) => child.kill()));
        const ends = await Promise.all(children.map((child) => child.wait()));
        console.log(ends.filter((end) => end.signal === 15).length);";
    let mut sim = roomy("max_processes: 4000, max_user_processes: 4000,");
    let end = ts(&mut sim, source);
    assert_eq!(
        (end.code(), end.stdout.as_slice()),
        (0, b"2000\n2000\n".as_slice()),
        "{end:?}"
    );
    check(&mut sim, &[("ps -e -o comm= | grep -cx sleep", "0\n")]);
}

/// A fork bomb fills what its user may have and no more; root ends it, and the machine goes on.
fn a_fork_bomb_is_ended_by_root() {
    let source = "import { env, pid, spawn } from 'helios:process';
        const code = env['BOMB'] ?? '';
        try { while (true) await spawn({ code }); } catch {}
        await new Promise((done) => setTimeout(done, 1e9));";
    let start = format!("export BOMB=$(cat <<'end'\n{source}\nend\n); ts -e \"$BOMB\"");
    let mut sim = roomy("max_user_processes: 64,");
    let node = sim.machine(None).expect("the world has a machine");
    let argv = ["/bin/sh", "-c", &start].map(str::to_owned);
    let bomb = sim.exec(node, "player", &argv).expect("the command is logged");
    for _ in 0..2_000 {
        sim.step().expect("the world goes on");
    }
    let cure = "pgrep -c -u player; pkill -KILL -u player; pgrep -c -u player";
    let argv = ["/bin/sh", "-c", cure].map(str::to_owned);
    let end = sim.exec(node, "root", &argv).expect("the command is logged");
    let end = sim.finish_session(end, 60_000).expect("root gets its turn");
    assert_eq!(String::from_utf8_lossy(&end.stdout), "64\n0\n", "{:?}", end.status);
    let ended = sim.finish_session(bomb, 1_000).expect("the bomb has ended");
    assert_eq!(ended.status.and_then(|status| status.signal), Some(9));
    check(&mut sim, &[("echo still here", "still here\n")]);
}

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("crowds::a_hundred_thousand_files", a_hundred_thousand_files),
        trial(
            "crowds::ten_thousand_children_in_succession",
            ten_thousand_children_in_succession,
        ),
        trial("crowds::children_beyond_the_limit", children_beyond_the_limit),
        trial("crowds::two_thousand_live_children", two_thousand_live_children),
        trial("crowds::a_fork_bomb_is_ended_by_root", a_fork_bomb_is_ended_by_root),
    ]
}
