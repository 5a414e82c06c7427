//! `load`: what a process is given to run in itself, once, and up to a bound.

use helios_abi::calls::{Exec, Load, Sleep};
use helios_abi::program::LOADED_BYTES_MAX;
use helios_abi::{Errno, Pid, ProcKey};
use helios_kernel::KernelIndex;
use helios_kernel::process::Loads;
use helios_kernel::testing::{exec, home, run, run_session, test_app};

use crate::script;

fn load(name: &str, code: &str) -> Load {
    let (name, code) = (name.to_owned(), code.to_owned());
    Load { name, code }
}

fn loader() -> helios_kernel::testing::Script {
    script!(sys => {
        let modules = sys.call(load("x:1", "other")).await.unwrap().modules;
        let [module] = modules.as_slice() else { panic!("one module, not {modules:?}") };
        assert_eq!((module.specifier.as_str(), module.source.as_str()), ("x:1", "other"));
        let long = "x".repeat(65);
        for (name, code, expected) in [
            ("x:1", "other", Errno::EEXIST),
            ("", "other", Errno::EINVAL),
            ("a/b", "other", Errno::EINVAL),
            ("a b", "other", Errno::EINVAL),
            ("helios:fs", "other", Errno::EINVAL),
            (long.as_str(), "other", Errno::EINVAL),
            ("x:2", "missing", Errno::ENOENT),
            ("x:2", "x".repeat(600 << 10).as_str(), Errno::E2BIG),
        ] {
            let error = sys.call(load(name, code)).await.unwrap_err();
            assert_eq!(error.errno, expected, "{name}: {error:?}");
        }
        sys.call(Sleep { ns: 20_000_000 }).await.unwrap();
        // The bound was reached in the meantime.
        assert_eq!(sys.call(load("x:2", "other")).await.unwrap_err().errno, Errno::E2BIG);
        let path = Some("/bin/other".to_owned());
        sys.call(Exec { path, code: None, argv: None, env: None, cwd: None, fds: None }).await.unwrap();
        Ok(1)
    })
}

#[test]
fn a_process_is_given_each_module_once_and_so_much_in_all() {
    let other = script!(sys => {
        // A new program has loaded nothing.
        Ok(sys.call(load("x:1", "loader")).await.unwrap().modules.len() as i32 + 40)
    });
    let mut app = test_app(&[("loader", loader()), ("other", other)]);
    exec(&mut app, 1, "player", &["loader"]);
    run(&mut app, 10);
    let key = ProcKey {
        node: home(),
        pid: Pid(2),
    };
    let entity = app.world().resource::<KernelIndex>().process(key).expect("it sleeps");
    let mut loads = app.world_mut().get_mut::<Loads>(entity).expect("it loaded something");
    assert_eq!(
        (
            loads.modules.iter().map(String::as_str).collect::<Vec<_>>(),
            loads.bytes
        ),
        (vec!["x:1"], 256 + 5)
    );
    loads.bytes = LOADED_BYTES_MAX;
    assert_eq!(run_session(&mut app, 1), (String::new(), String::new(), 41));
    assert!(
        app.world().get::<Loads>(entity).is_none(),
        "nothing is kept of a process that ended"
    );
}
