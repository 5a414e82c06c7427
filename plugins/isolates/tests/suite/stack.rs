//! Recursion ends at the same depth everywhere.

use helios_isolates::ThreadConfig;
use helios_isolates::testing::{Life, Machine, Setup, program};
use libtest_mimic::Trial;

use super::{MakeHost, both, run};

pub(crate) fn tests() -> Vec<Trial> {
    let mut tests = both("depth_is_the_golden_one", depth_is_the_golden_one);
    tests.extend(both(
        "depth_through_built_ins_is_the_same",
        depth_through_built_ins_is_the_same,
    ));
    tests
}

/// Depths at the entry, after an await, in a timer, in a getter, warm, and a second time.
const DEPTHS: &str = "import { stdout } from 'helios:process'; import { sleep } from 'helios:time';
    const depth = (): number => { try { return 1 + depth(); } catch { return 1; } };
    class C { get d(): number { try { return 1 + this.d; } catch { return 1; } } }
    const out: number[] = [depth(), depth(), new C().d];
    await null; out.push(depth());
    await sleep(1); out.push(depth(), new C().d);
    await (async () => { await null; out.push(depth()); })();
    let hot = 0; const f = (n: number): number => n === 0 ? 0 : f(n - 1) + 1; for (let i = 0; i < 3000; i++) hot += f(10);
    out.push(depth());
    await stdout.write(`${out.join(' ')}\\n`);";

/// Through the realm's functions and native ones, whose depth may change with the realm, but not from host to host.
const THROUGH_BUILT_INS: &str = "import { stdout } from 'helios:process'; import { sleep } from 'helios:time';
    const mapped = (): number => { try { return [0].map(() => 1 + mapped())[0]; } catch { return 1; } };
    const sorted = (): number => { let n = 0; try { [1, 2].sort(() => { n = 1 + sorted(); return 0; }); } catch { return 1; } return n; };
    const text = (): number => { let n = 0; try { JSON.stringify({ toJSON() { n = 1 + text(); return 1; } }); } catch { return 1; } return n; };
    const traced = (): number => { try { return 1 + traced(); } catch (e) { return 1 + (e as Error).stack!.length * 0; } };
    const lazily = (): number => { try { return 1 + lazily(); } catch { return new URL('http://a/b').pathname.length; } };
    const out = [mapped(), sorted(), text(), traced(), lazily()]; await sleep(1); out.push(mapped(), traced(), lazily());
    await stdout.write(`${out.join(' ')}`);";

/// What every build and host must give. `UPDATE_GOLDEN=1 cargo test -p helios_isolates depth` writes it.
const GOLDEN: &str = "tests/golden/depth.txt";

fn depth_is_the_golden_one(make: MakeHost) {
    let first = run(make, DEPTHS).to_string();
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(GOLDEN);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &first).expect("the tree is writable");
    }
    let golden = std::fs::read_to_string(&path).expect("the golden depth is committed");
    assert_eq!(first, golden, "UPDATE_GOLDEN=1 cargo test -p helios_isolates depth");
    // Parked, rebuilt, warm, and with other threads: the same.
    for (gas, evict_every, workers) in [(20_000, 0, 1), (20_000, 4, 2), (1_000_000, 0, 4)] {
        let setup = Setup {
            gas,
            evict_every,
            ..Setup::default()
        };
        let mut host = make(ThreadConfig::workers(workers));
        let lives = (1..=3).map(|n| Life::new(n, program(DEPTHS), setup.clone()));
        for transcript in Machine::new(lives).run(&mut *host) {
            assert_eq!(transcript.to_string(), golden, "gas {gas}, dropped every {evict_every}");
        }
    }
}

fn depth_through_built_ins_is_the_same(make: MakeHost) {
    let reference = run(super::HOSTS[0].1, THROUGH_BUILT_INS);
    assert_eq!(reference.code, Some(0), "{reference}");
    for (gas, evict_every) in [(1_000_000, 0), (20_000, 0), (20_000, 4)] {
        let setup = Setup {
            gas,
            evict_every,
            ..Setup::default()
        };
        let transcript = super::run_with(make, THROUGH_BUILT_INS, setup);
        assert_eq!(
            transcript.stdout, reference.stdout,
            "gas {gas}, dropped every {evict_every}"
        );
    }
}
