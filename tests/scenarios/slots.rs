//! Images that machines keep of themselves: saved, loaded, refused; and that all of it is the same at every tick.

use std::collections::{BTreeMap, BTreeSet};

use helios::sim::{HostChoice, Sim};
use helios_engine::hash::HashPolicy;
use helios_engine::ids::NodeId;
use helios_engine::snapshot::Snapshot;
use helios_engine::worlds::builtin_world;
use helios_tests::{HOSTS, KINDS, host_name, sh, sim_of, test_sim};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::trial;

/// Runs command lines, each in a session of its own, and compares what they print.
fn check(sim: &mut Sim, lines: &[(&str, &str)]) {
    for (line, wanted) in lines {
        let end = sh(sim, line);
        let said = String::from_utf8_lossy(&[end.stdout.clone(), end.stderr.clone()].concat()).into_owned();
        assert_eq!(said, *wanted, "{line}: {:?}", end.status);
    }
}

fn root(sim: &mut Sim, line: &str) -> String {
    let node = sim.machine(None).expect("the world has a machine");
    let argv = ["/bin/sh", "-c", line].map(str::to_owned);
    let session = sim.exec(node, "root", &argv).expect("the command is logged");
    let end = sim.finish_session(session, 600_000).expect("it ends");
    String::from_utf8_lossy(&[end.stdout, end.stderr].concat()).into_owned()
}

/// Runs TypeScript as a program of root's that may take images.
fn program(sim: &mut Sim, source: &str) -> String {
    let manifest = "{\"name\":\"try\",\"caps\":[\"fs\",\"proc\",\"sys:snapshot\"]}";
    let line = format!(
        "cat > /bin/try <<'end'\n{source}\nend\nchmod 755 /bin/try; echo '{manifest}' > /etc/caps/try.json; /bin/try"
    );
    root(sim, &line)
}

/// A session goes on where its image was taken, and files are those of then.
fn goes_on(host: HostChoice) {
    let mut sim = test_sim(host);
    check(
        &mut sim,
        &[(
            "echo one > note; x=1; snapshot -q save before; s=$?; echo status $s $x
            if [ $s = 0 ]; then x=2; echo two > note; echo more > other; snapshot load before; echo never; fi
            cat note; ls other 2>&1; echo $x",
            "status 0 1\nstatus 3 1\none\nls: cannot access 'other': No such file or directory\n1\n",
        )],
    );
}

/// Media are not part of a machine's image: what happened to them since stays so, and a volume of one that is another by now
/// answers EIO until it is mounted again.
fn media_stay(host: HostChoice) {
    let mut sim = test_sim(host);
    let said = root(
        &mut sim,
        "exec 2>&1; mount /dev/usb0 /media/usb0; echo one > /media/usb0/note; sync; echo early > /root/when
        snapshot -q save same; if [ $? = 0 ]; then echo late > /root/when; snapshot load same; fi
        cat /root/when /media/usb0/note
        snapshot -q save changed; s=$?
        if [ $s = 0 ]; then echo two > /media/usb0/note; sync; snapshot load changed; fi
        cat /media/usb0/note; umount /media/usb0; mount /dev/usb0 /media/usb0; cat /media/usb0/note
        snapshot -q save pulled; s=$?
        if [ $s = 0 ]; then umount /media/usb0; eject usb0; snapshot load pulled; fi
        cat /media/usb0/note; umount /media/usb0; cut -d ' ' -f 1,4 /proc/media; eject -t usb0
        mount /dev/usb0 /media/usb0; cat /media/usb0/note",
    );
    let wanted = "early\none\ncat: /media/usb0/note: Input/output error\ntwo\ncat: /media/usb0/note: Input/output error\n\
                  usb0 -\nusb1 -\ncd0 -\n(usb0) image\ntwo\n";
    assert_eq!(said, wanted);
}

/// Sessions that began after the image end with it, and those that ended meanwhile are hung up in it.
fn other_sessions(host: HostChoice) {
    let mut sim = test_sim(host);
    check(
        &mut sim,
        &[
            (
                "echo one > note; trap 'echo hung up > hup' HUP; snapshot -q save before; echo ended > end",
                "",
            ),
            ("cat note end; echo two > note; rm end", "one\nended\n"),
        ],
    );
    let end = sh(&mut sim, "snapshot load before; echo never");
    let status = end.status.expect("it ended");
    assert_eq!((status.signal, end.stdout.as_slice()), (Some(1), b"".as_slice()));
    assert!(
        status
            .reason
            .is_some_and(|reason| reason.contains("put back to a snapshot"))
    );
    // The shell of the first session hears of it where its program comes back: it has nobody to talk to.
    check(&mut sim, &[("sleep 0.2; cat note hup", "one\nhung up\n")]);
}

/// Programs go on with what they know, and pids are not given twice.
fn programs_go_on(host: HostChoice) {
    let mut sim = test_sim(host);
    let node = sim.machine(None).expect("the world has a machine");
    let counter = "import { writeFile } from 'helios:fs';
        for (let i = 0; ; i++) { await writeFile('/tmp/count', String(i)); await new Promise((r) => setTimeout(r, 10)); }";
    let modules = [("/host/counter.ts".to_owned(), counter.to_owned())];
    sim.run(node, "player", &modules, &["counter".to_owned()])
        .expect("the command is logged");
    check(&mut sim, &[("sleep 0.5; snapshot -q save then; sleep 2", "")]);
    let late: u64 = String::from_utf8_lossy(&sh(&mut sim, "cat /tmp/count").stdout)
        .parse()
        .expect("a number");
    sh(&mut sim, "snapshot load then");
    let early: u64 = String::from_utf8_lossy(&sh(&mut sim, "cat /tmp/count").stdout)
        .parse()
        .expect("a number");
    assert!(early + 50 < late, "{early} then, {late} before");
    check(
        &mut sim,
        &[(
            "a=$(cat /tmp/count); sleep 0.1; [ $(cat /tmp/count) -gt $a ] && echo counts",
            "counts\n",
        )],
    );
    // Random numbers are not drawn twice, and neither are pids.
    let source = "import { pid } from 'helios:process'; import { loadSnapshot, saveSnapshot } from 'helios:sys';
        import { readTextFile, writeFile } from 'helios:fs'; import { spawn } from 'helios:process';
        const mine = pid; const { restored } = await saveSnapshot('r');
        const child = await spawn({ path: '/bin/true' }); await child.wait();
        if (!restored) { await writeFile('/tmp/never', ''); await loadSnapshot('r'); }
        console.log(mine === pid, child.pid - pid > 1, (await readTextFile('/tmp/never').catch((e) => e.code)));";
    assert_eq!(program(&mut sim, source), "true true ENOENT\n");
}

/// `reboot` brings everything back as it was; `--cold` ends everything.
fn reboots(host: HostChoice) {
    let mut sim = test_sim(host);
    check(&mut sim, &[("reboot", "reboot: only root may do that\n")]);
    let services = "service list | sed 's/ *[0-9]* .*//' | sort";
    let before = root(&mut sim, services);
    assert_eq!(
        root(&mut sim, "echo kept > /tmp/kept; x=1; reboot; echo back $? $x"),
        "back 0 1\n"
    );
    assert_eq!(root(&mut sim, services), before);
    check(
        &mut sim,
        &[(
            "cat /tmp/kept; dmesg | grep -c 'power on'; snapshot -1 list",
            "kept\n1\nauto\n",
        )],
    );
    root(&mut sim, "reboot --cold; sleep 100");
    for _ in 0..500 {
        sim.step().expect("the machine boots");
    }
    check(&mut sim, &[("dmesg | grep -c 'power on'", "2\n")]);
}

fn refusals(host: HostChoice) {
    let mut sim = test_sim(host);
    let source = "import { loadSnapshot, removeSnapshot, saveSnapshot, snapshot, snapshots } from 'helios:sys';
        const tell = (what: Promise<unknown>) => what.then(JSON.stringify, (e) => e.code).then((text) => console.log(text));
        for (const name of ['', 'a/b', '..', 'x\\n', 'y'.repeat(65)]) await tell(saveSnapshot(name));
        await tell(loadSnapshot('none')); await tell(removeSnapshot('none')); await tell(saveSnapshot('x', 'no handle'));
        const { blob, name } = await snapshot();
        await tell(saveSnapshot('kept', blob).then((info) => [info.blob === blob, info.name, name, info.restored]));
        await tell(snapshots().then((all) => all.map((slot) => [slot.name, slot.blob === blob, slot.bytes > 1000, slot.uid])));
        for (let i = 0; i < 15; i++) await saveSnapshot(`s${i}`, blob);
        await tell(saveSnapshot('one too many', blob)); await tell(saveSnapshot('s3', blob).then(() => 'again'));
        await removeSnapshot('s3'); await tell(saveSnapshot('in its place', blob).then(() => 'there'));";
    let said = program(&mut sim, source);
    let wanted = "EINVAL\nEINVAL\nEINVAL\nEINVAL\nEINVAL\nENOENT\nENOENT\nENOENT\n[true,\"kept\",null,false]\n\
                  [[\"kept\",true,true,0]]\nEDQUOT\n\"again\"\n\"there\"\n";
    assert_eq!(said, wanted);
    // Without the capability, and where the world's history is everybody's.
    let bare = "import { saveSnapshot } from 'helios:sys'; await saveSnapshot('x').catch((e) => console.log(e.code));";
    check(&mut sim, &[(&format!("ts -e \"{bare}\""), "EPERM\n")]);
    let single = builtin_world("single").expect("the default world is part of the program");
    let shared = single.replacen("seed:", "authoritative: true, seed:", 1);
    let mut sim = sim_of(&shared, host).expect("the world can be built");
    check(
        &mut sim,
        &[
            (
                "snapshot save x; echo $?",
                "1\nsnapshot: cannot save 'x': this world's history is everybody's: no machine of it is turned back\n",
            ),
            (
                "snapshot list; echo $?",
                "1\nsnapshot: cannot list: this world's history is everybody's: no machine of it is turned back\n",
            ),
        ],
    );
    let said = root(&mut sim, "reboot; sleep 100");
    assert_eq!(said, "reboot: machines of this world come back by booting alone\n");
    for _ in 0..500 {
        sim.step().expect("the machine boots");
    }
    check(&mut sim, &[("dmesg | grep -c 'power on'", "2\n")]);
}

fn threads() -> HostChoice {
    HOSTS[1]
}

fn restored(snapshot: Snapshot, host: HostChoice) -> Sim {
    let mut sim = Sim::restored(snapshot, None, host, HashPolicy::EveryTick).expect("the snapshot restores");
    sim.set_next_session(1000);
    sim
}

/// A save whose machine has a slot `x`, and what is in that slot.
struct Saved {
    node: NodeId,
    snapshot: Snapshot,
    slot: Value,
    manifest: Value,
}

impl Saved {
    fn new() -> Self {
        let mut sim = test_sim(threads());
        let node = sim.machine(None).expect("the world has a machine");
        check(&mut sim, &[("echo there > note; snapshot -q save x; sleep 0.1", "")]);
        let snapshot = sim.snapshot();
        let slot = snapshot.nodes[&node]["machine_slots"][&0]["named"]["x"].clone();
        let mut saved = Self {
            node,
            snapshot,
            slot,
            manifest: Value::Null,
        };
        saved.manifest = saved.read(saved.slot["image"].as_str().expect("a digest"));
        saved
    }

    fn read(&self, id: &str) -> Value {
        let mut blobs = self.snapshot.blobs.iter();
        let (_, bytes) = blobs
            .find(|(known, _)| known.to_string() == id)
            .expect("the blob is carried");
        serde_json::from_slice(bytes).expect("JSON")
    }

    /// The save with another manifest in the slot, and a blob that it names.
    fn with(&self, manifest: &Value, extra: Option<Vec<u8>>) -> Snapshot {
        let mut changed = self.snapshot.clone();
        let mut ids: BTreeSet<String> = serde_json::from_value(self.slot["blobs"].clone()).expect("digests");
        let manifest = serde_json::to_vec(manifest).expect("a manifest");
        let image = helios_abi::sha256(&manifest);
        for bytes in extra.into_iter().chain([manifest]) {
            let id = helios_abi::sha256(&bytes);
            ids.insert(id.to_string());
            changed.blobs.insert(id, bytes.into());
        }
        let rows = changed
            .nodes
            .get_mut(&self.node)
            .and_then(|rows| rows.get_mut("machine_slots"));
        let row = rows.and_then(|rows| rows.get_mut(&0)).expect("the machine has slots");
        row["named"]["x"]["image"] = json!(image.to_string());
        row["named"]["x"]["blobs"] = json!(ids);
        changed
    }

    /// The same, where the rows of one component are changed.
    fn with_rows(&self, name: &str, change: &dyn Fn(&mut Vec<(u64, Value)>)) -> Snapshot {
        let part = self.read(self.manifest["parts"][name][0].as_str().expect("a part"));
        let mut rows: Vec<(u64, Value)> = serde_json::from_value(part).expect("rows");
        change(&mut rows);
        let bytes = serde_json::to_vec(&rows).expect("rows");
        let mut manifest = self.manifest.clone();
        manifest["parts"][name] = json!([helios_abi::sha256(&bytes).to_string()]);
        self.with(&manifest, Some(bytes))
    }

    /// The same, where a field of the manifest is another.
    fn with_field(&self, pointer: &str, value: Value) -> Snapshot {
        let mut manifest = self.manifest.clone();
        *manifest.pointer_mut(pointer).expect("the manifest has it") = value;
        self.with(&manifest, None)
    }
}

/// A save whose slot was tampered with opens; loading the slot is an error, and nothing is lost.
fn hostile_slots() {
    let saved = Saved::new();
    let cases: [(&str, Snapshot); 7] = [
        ("the manifest: ", saved.with(&json!({ "format": 1 }), None)),
        ("it is an image of node", saved.with_field("/node", json!(7))),
        ("its format 9 is not one", saved.with_field("/format", json!(9))),
        // Each of these rows is well-formed; together they are not a machine.
        ("lacks its", saved.with_rows("process_fds", &|rows| rows.truncate(1))),
        (
            "has no inode",
            saved.with_rows("open_file", &|rows| {
                for (_, row) in rows.iter_mut().filter(|(_, row)| row["kind"] == "inode") {
                    row["object"] = json!(1_u64 << 33);
                }
            }),
        ),
        (
            "counts",
            saved.with_rows("open_file", &|rows| rows[0].1["refs"] = json!(9)),
        ),
        (
            "journal",
            saved.with_rows("process_journal", &|rows| rows[0].1["digest"] = json!("00".repeat(32))),
        ),
    ];
    for (wanted, snapshot) in cases {
        let mut sim = restored(snapshot, threads());
        let end = sh(&mut sim, "echo here > note; snapshot load x; echo $?; cat note");
        let errors = String::from_utf8_lossy(&end.stderr).into_owned();
        assert_eq!(String::from_utf8_lossy(&end.stdout), "1\nhere\n", "{wanted}: {errors}");
        assert!(
            errors.starts_with("snapshot: cannot load 'x': ") && errors.contains(wanted),
            "{wanted}: {errors}"
        );
    }
    // The good one loads after a restore, too.
    let mut sim = restored(saved.snapshot, threads());
    sh(&mut sim, "echo here > note; snapshot load x");
    check(&mut sim, &[("cat note", "there\n")]);
}

/// The image of another build brings its files back, and the machine boots.
fn another_build() {
    let saved = Saved::new();
    let mut sim = restored(saved.with_field("/versions/parts/library", json!("another")), threads());
    let end = sh(&mut sim, "echo here > note; snapshot load x; echo never");
    assert_eq!(
        (end.stdout.as_slice(), end.status.and_then(|status| status.signal)),
        (b"".as_slice(), Some(1))
    );
    for _ in 0..500 {
        sim.step().expect("the machine boots");
    }
    check(
        &mut sim,
        &[
            ("cat note; dmesg | grep -c 'power on'", "there\n2\n"),
            (
                "dmesg | grep -o 'made by another build (library another there'",
                "made by another build (library another there\n",
            ),
        ],
    );
}

/// Several who ask in one tick get the same image; one that is stopped meanwhile hears of it when it goes on.
fn several_at_once() {
    let mut sim = test_sim(threads());
    let source = "import { loadSnapshot, saveSnapshot, snapshots } from 'helios:sys';
        const [a, b] = await Promise.all([saveSnapshot('a'), saveSnapshot('b')]);
        console.log(a.blob === b.blob, a.restored, b.restored, a.name, b.name, (await snapshots()).length);
        if (!a.restored) await loadSnapshot('b');";
    assert_eq!(
        program(&mut sim, source),
        "true false false a b 2\ntrue true true b b 2\n"
    );
    check(
        &mut sim,
        &[(
            "snapshot save s > said & kill -STOP $!; sleep 0.1; cat said; kill -CONT $!; wait $!; sed 's/(.*)//' said",
            "saved s \n",
        )],
    );
}

const PLAY: &str = "echo one > note; (while :; do sleep 0.003; done) & snapshot -q save a || exit 0
    echo two > note; sleep 0.02; snapshot -q save b; echo three > note; snapshot load a";

/// Saving, restoring and going on at every tick of a play with snapshots is the same as never having saved.
fn every_tick() {
    let live = |save_at: Option<u64>| {
        let mut sim = test_sim(threads());
        let node = sim.machine(None).expect("the world has a machine");
        while sim.tick().0 < 300 {
            sim.step().expect("the world goes on");
        }
        let argv = ["/bin/sh", "-c", PLAY].map(str::to_owned);
        let session = sim.exec(node, "player", &argv).expect("the command is logged");
        sim.stdin_close(node, session).expect("the command is logged");
        let mut hashes = BTreeMap::new();
        while sim.tick().0 < 700 {
            if save_at == Some(sim.tick().0) {
                let snapshot = sim.snapshot();
                hashes.append(&mut sim.tick_hashes().clone());
                sim = restored(snapshot, threads());
            }
            sim.step().expect("the world goes on");
        }
        hashes.append(&mut sim.tick_hashes().clone());
        let rows = sim.snapshot();
        (hashes, loads_in(&rows, node))
    };
    let (plain, loads) = live(None);
    let [at] = loads.as_slice() else {
        panic!("the play loads once: {loads:?}")
    };
    for save_at in (at - 4..at + 3).chain([310, 340]) {
        let (hashes, _) = live(Some(save_at));
        let differs = plain.iter().find(|(tick, hash)| hashes.get(tick) != Some(hash));
        assert_eq!(differs, None, "saved after tick {save_at}");
    }
}

/// The ticks at which a machine's log says that it was put back.
pub(crate) fn loads_in(snapshot: &Snapshot, node: NodeId) -> Vec<u64> {
    let lines = snapshot.nodes[&node]["machine_log"][&0]["lines"]
        .as_array()
        .expect("lines")
        .clone();
    let put_back = lines
        .iter()
        .filter(|line| line[1].as_str().is_some_and(|text| text.starts_with("put back")));
    put_back.filter_map(|line| line[0].as_u64()).collect()
}

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = vec![
        trial("slots::hostile_slots", hostile_slots),
        trial("slots::another_build", another_build),
        trial("slots::several_at_once", several_at_once),
        trial("slots::every_tick", every_tick),
    ];
    let cases: [(&str, fn(HostChoice)); 6] = [
        ("goes_on", goes_on),
        ("media_stay", media_stay),
        ("other_sessions", other_sessions),
        ("programs_go_on", programs_go_on),
        ("reboots", reboots),
        ("refusals", refusals),
    ];
    for host in KINDS {
        for (name, case) in cases {
            trials.push(trial(format!("slots::{name}::{}", host_name(host)), move || case(host)));
        }
    }
    trials
}
