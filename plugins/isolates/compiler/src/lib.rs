//! TypeScript in, metered JavaScript and a source map out. No V8 and no engine: the program loader, `helios check` and
//! editors use it as it is.
//!
//! ```text
//! bound the nesting -> parse -> survey (what is refused) -> scopes -> strip types, lower `using` -> rename -> meter -> print
//! ```
//!
//! # Invariants
//!
//! - Equal sources and options give equal bytes. What decides that is named by [`TRANSFORM_VERSION`].
//! - No input makes it panic, overflow its stack or take more than its share of time: sources are bounded in bytes and
//!   depth before the parser sees them, and diagnostics in number.
//! - The metered program does what the unmetered one does, but for what it is charged. [`generate`] makes programs to
//!   compare the two with.
//! - Player code cannot name what is injected: bindings called `$g`, `$o`, `$h` or `$t` are renamed (exports keep their
//!   names), free uses are errors.
//!
//! # What is charged, and where
//!
//! A *region* is code that runs from its start to its end without a loop or a call back into itself. Its *weight* is
//! counted from its syntax: 1 for each expression, statement and name, and more for calls (4), allocations (4),
//! classes (40) and resumptions (24). Branches count whether taken or not. One gas is 4 weight, and a region costs at
//! least 1: about 13 ns of the unoptimised tiers that programs run on. Each region begins with
//!
//! ```js
//! if (($g -= 7) < 0) $o();
//! ```
//!
//! where `$g` is a script-scope `let` ([`GAS_VARIABLE`]) and `$o` a function of the host ([`GAS_REFILL`]) that returns
//! when there is gas again. In the place of an expression it is `(($g -= 7) < 0 && $o(), value)`.
//!
//! | where | why there |
//! |---|---|
//! | a module's top level; a function, arrow, method, getter, setter or constructor at its entry | no work without entering one |
//! | a loop's body at its head, with the weight of its test and update; `continue` gets there too | each turn is paid for |
//! | `catch` and `finally` bodies | recursion that throws at its end and goes on in a handler |
//! | after `await`, `yield` and `yield*`: `($t = await x, charge, $t)` | a resumption is work of the slice that it runs in; `$t` ([`GAS_TEMPORARY`]) is safe because nothing of the program runs between its two uses |
//! | default values and computed keys inside parameters, if they may call something | they run before the body's charge, so recursion through them would be free |
//! | class heritage and computed keys; static fields, in a static block; static blocks | for the same reason |
//! | instance fields, all of them in one field's initialiser | `new` runs them without a function of the program; anonymous functions keep the names that fields give them |
//!
//! Work that the engine does by itself goes through the helpers (`$h`, [`HELPERS_JS`]):
//!
//! | source | generated | charge |
//! |---|---|---|
//! | `f(...x)`, `new F(...x)`, `[...x]` | `$h.spread(x)` | length of arrays and strings before; any other iterable step by step |
//! | `{...x}` | `$h.own(x)` | own properties, before; the traps of a proxy run once |
//! | `[...r] = x`, `{...r} = x` | `$h.rest(r)` after | what was taken |
//! | `for (k in x)` | `$h.keys(x)` | own properties along the prototypes |
//! | `/a/g` | `$h.regexp("a", "g")` | the host's checked constructor |
//! | `import(x)` | `$h.import(x, "this module")` | the host's resolver |
//! | a block with `using x = y` | `var c = $h.using(); try { const x = c.u(y); … } catch (e) { c.e = e } finally { c.d() }` | what the helper takes in and disposes of; with `await using` the `finally` waits |
//! | `a ** b`, `a << b` | `$h.pow`, `$h.shl` | before; RangeError beyond [`BIGINT_BITS_MAX`] bits |
//! | `a * b` | `(typeof ($t = a * b) == "number" ? $t : $h.big($t))` | after; likewise |
//!
//! The last two only where an operand may be a BigInt. Types are not checked, so they prove nothing; the language does:
//! a BigInt cannot be mixed with another primitive, so one operand that is a literal, or a name that is only ever given
//! such values (loop counters, sums of them), proves the other. One check at the root of a tree of operators stands for
//! up to eight products in it, and comparisons need none. BigInt literals are bounded in length.
//!
//! # What is charged elsewhere, or not
//!
//! - Built-ins charge by size in the host's wrappers: strings too, which flatten there. `s += s` is O(1) and bounded
//!   by V8's longest string; comparing two long strings by operator is not charged and bounded by the heap.
//! - `BigInt` made by `+` and `-` grows by a bit an operation, which the operations pay for; `BigInt()`, `asIntN` and
//!   `toString` are the host's to wrap.
//! - Walking long prototype chains and chains of constructors that classes do not write out is not charged: each link
//!   was paid for when it was made. The watchdog bounds it.
//!
//! # Positions
//!
//! [`SourceMap`] maps a generated line and column to TypeScript's. [`Compiled::functions`] says which text of the source
//! each function is, for `Function.prototype.toString`; with `function_at` and the place where V8 says that a function
//! starts.
//!
//! # What is refused
//!
//! JSX, decorators, `accessor`, `with`, `export =` and `import = require()`, import attributes and phases, namespaces
//! that export variables other than `const`, a rest element in an array pattern or an assignment that is not a plain
//! name, relative imports without an extension, bare imports. Types are **not** checked.

mod cache;
mod compile;
mod diagnostics;
mod functions;
#[doc(hidden)]
pub mod generate;
mod meter;
mod modules;
mod names;
mod nesting;
mod numbers;
mod outline;
mod source_map;
mod survey;
mod using;

pub use cache::Cache;
pub use compile::{CompileOptions, Compiled, check, compile, function_at, imports, strip_only};
pub use diagnostics::{DIAGNOSTICS_MAX, Diagnostic, Diagnostics, Severity};
pub use functions::FunctionPlace;
pub use modules::{Export, Import};
pub use outline::{Outline, Outlined, outline};
pub use source_map::{SourceMap, Token};

/// Version of everything that decides what is generated: part of every cache key and of a world's versions.
pub const TRANSFORM_VERSION: &str = "2";

/// The script-scope `let` that holds the gas left.
pub const GAS_VARIABLE: &str = "$g";
/// The script-scope function that is called when it is below zero. It returns once it is not.
pub const GAS_REFILL: &str = "$o";
/// The script-scope `const` that holds the helpers of [`HELPERS_JS`].
pub const GAS_HELPERS: &str = "$h";
/// A script-scope `let` that injected code uses within one expression.
pub const GAS_TEMPORARY: &str = "$t";

/// Declares the injected names in script scope. Run it as a script, once per realm, before anything else.
pub const PRELUDE_JS: &str = "let $g = 0, $t;";

/// The helpers: an expression, a function from `{isProxy, importModule, RegExp, collect}` to the object for `$h`.
///
/// Evaluate it in script scope, in the order: [`PRELUDE_JS`], the host's `$o`, this, `const $h = …`; all before any
/// player code.
pub const HELPERS_JS: &str = include_str!("helpers.js");

/// The module that only the system library may import.
pub const INTERNAL_MODULE: &str = "helios:internal";

/// Longest source, in bytes.
pub const SOURCE_BYTES_MAX: usize = 1024 * 1024;

/// Deepest nesting of expressions, statements, patterns and types.
pub const DEPTH_MAX: u32 = 1_000;

/// Longest BigInt literal, in characters.
pub const BIGINT_LITERAL_CHARS_MAX: usize = 4_096;

/// Longest BigInt that an operator may make, in bits.
pub const BIGINT_BITS_MAX: u32 = 1 << 16;
