//! TypeScript in, metered JavaScript and a source map out.

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
mod source_map;
mod survey;

pub use cache::Cache;
pub use compile::{CompileOptions, Compiled, check, compile, function_at, imports, strip_only};
pub use diagnostics::{DIAGNOSTICS_MAX, Diagnostic, Diagnostics, Severity};
pub use functions::FunctionPlace;
pub use modules::{Export, Import};
pub use source_map::{SourceMap, Token};

/// Version of everything that decides what is generated: part of every cache key and of a world's versions.
pub const TRANSFORM_VERSION: &str = "1";

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

/// The reference implementation of the helpers: an expression, a function from host functions to the helper object.
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
