//! Sets V8 up, once for the process, before any thread that will run scripts.

use std::sync::Once;

/// Kilobytes of V8's own stack bound, used only until the host sets its exact one ([`crate::stack`]).
pub(crate) const STACK_KILOBYTES: usize = crate::stack::JS_STACK_BYTES / 1024;

/// The flags that make V8 a function of its input. They are part of [`versions`](crate::versions()).
///
/// - `--single-threaded`: no helper thread compiles, collects or finalises.
/// - `--concurrent-marking-max-worker-num=0`: as many as the platform has, none; V8 keeps memory for each.
/// - `--max-opt=0`: bytecode only. Frames of machine code are not as large as those of bytecode (a constructor's are smaller),
///   so the depth that a script can recurse to would hang on what had been compiled by then: on the age of an isolate.
/// - `--predictable-gc-schedule`, `--random-seed`, `--hash-seed`: nothing hangs on time or on the system's entropy.
/// - `--no-flush-bytecode`: a collector that drops bytecode would have functions compiled again deep in a recursion,
///   where compiling needs stack of its own.
/// - `--no-use-std-math-pow`: V8's own, bit-exact `pow`.
/// - `--stack-trace-limit`: what `Error.stack` holds; the realm's `Error.stackTraceLimit` says the same.
/// - `--no-enable-lazy-source-positions`: a checkpoint holds a copy of the bytecode that an error's trace names, and V8
///   would find positions later for the original alone.
/// - `--no-js-…`, `--no-enable-queue-microtask`: built-ins that V8 adds to every context as it is made, but to none of an
///   isolate that makes a snapshot, and would add again to one that has them. The realm has its own in their place
///   (`docs/hazards.md`, What V8 adds to a context).
pub const FLAGS: &[&str] = &[
    "--no-js-promise-try",
    "--no-js-atomics-pause",
    "--no-js-error-iserror",
    "--no-js-regexp-escape",
    "--no-js-explicit-resource-management",
    "--no-js-float16array",
    "--no-js-base-64",
    "--no-js-upsert",
    "--no-js-iterator-sequencing",
    "--no-js-sum-precise",
    "--no-js-intl-locale-variants",
    "--no-enable-queue-microtask",
    "--single-threaded",
    "--concurrent-marking-max-worker-num=0",
    "--max-opt=0",
    "--predictable-gc-schedule",
    "--random-seed=1",
    "--hash-seed=1",
    "--no-flush-bytecode",
    "--no-use-std-math-pow",
    "--no-harmony-temporal",
    "--enable-sharedarraybuffer-per-context",
    "--disallow-code-generation-from-strings",
    "--enable-experimental-regexp-engine-on-excessive-backtracks",
    "--stack-trace-limit=20",
    "--no-enable-lazy-source-positions",
];

/// Initialises V8. Call it in `main`, before any other thread exists; later calls do nothing.
///
/// # Panics
/// When V8 refuses a flag: this build of V8 is not the one the project pins.
pub fn initialize() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let stack = format!("--stack-size={STACK_KILOBYTES}");
        let flags = std::iter::once("helios")
            .chain(FLAGS.iter().copied())
            .chain(std::iter::once(stack.as_str()));
        let left = v8::V8::set_flags_from_command_line(flags.map(str::to_owned).collect());
        assert!(left.len() == 1, "V8 does not know these flags: {:?}", &left[1..]);
        v8::V8::initialize_platform(v8::new_single_threaded_default_platform(false).make_shared());
        v8::V8::initialize();
    });
}
