//! The steps from TypeScript to metered JavaScript, in order.

use std::{path::Path, thread};

use oxc_allocator::Allocator;
use oxc_ast::ast::Program;
use oxc_ast_visit::Visit;
use oxc_codegen::{Codegen, CodegenOptions, CommentOptions, IndentChar};
use oxc_parser::{ParseOptions, Parser};
use oxc_semantic::{Scoping, SemanticBuilder};
use oxc_span::{SourceType, Span};
use oxc_transformer::{HelperLoaderMode, TransformOptions, Transformer};
use serde::{Deserialize, Serialize};

use crate::{
    DEPTH_MAX, Diagnostics, Export, Import, SOURCE_BYTES_MAX, SourceMap,
    functions::{self, FunctionPlace},
    meter::Meter,
    modules, names, nesting,
    numbers::PlainNames,
    source_map::Token,
    survey::Survey,
    using,
};

/// Stack of the thread that compiles. Pages are only taken when touched; see [`nesting`] for what bounds the depth.
const STACK_BYTES: usize = 256 * 1024 * 1024;

/// What the caller knows of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompileOptions {
    /// The name of the module, used in messages and for relative dynamic imports.
    pub specifier: String,
    /// Whether the source is of the system library, and may import [`INTERNAL_MODULE`](crate::INTERNAL_MODULE).
    pub base_layer: bool,
}

/// A compiled module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compiled {
    /// JavaScript, an ES module, metered.
    pub code: String,
    /// From `code` back to the source.
    pub map: SourceMap,
    /// What the module imports, in the order of the text; type imports are not among them.
    pub imports: Vec<Import>,
    /// What the module exports.
    pub exports: Vec<Export>,
    /// Byte ranges in the source of its functions, methods and classes, in the order in which `code` has them; empty
    /// for those that the compiler made. See [`functions`](Self::functions).
    pub function_ranges: Vec<(u32, u32)>,
    /// Bytes of the source: what compiling is charged by.
    pub source_len: u32,
}

impl Compiled {
    /// Where each function of `code` stands in the source. Parses `code`, so keep the result; most programs never ask.
    pub fn functions(&self) -> Vec<FunctionPlace> {
        let find = |code: &str, _: &CompileOptions| {
            let allocator = Allocator::default();
            let (program, errors) = parse(&allocator, code, SourceType::mjs());
            Ok(if errors.is_empty() {
                functions::find(&program, code)
            } else {
                Vec::new()
            })
        };
        let found = with_stack(&self.code, &CompileOptions::default(), find).unwrap_or_default();
        debug_assert_eq!(found.len(), self.function_ranges.len());
        let places = found
            .iter()
            .zip(&self.function_ranges)
            .map(|(found, &(start, end))| FunctionPlace {
                generated: (found.span.start, found.span.end),
                source: (start < end).then_some((start, end)),
                is_class: found.is_class,
            });
        places.collect()
    }

    /// The byte offset in `code` of a line and a column, both from 1, the column in UTF-16 units.
    pub fn offset(&self, line: u32, column: u32) -> Option<u32> {
        let mut start = 0;
        for _ in 1..line {
            start += self.code[start..].find('\n')? + 1;
        }
        let mut left = column.checked_sub(1)? as usize;
        for (at, c) in self.code[start..].char_indices() {
            if left == 0 {
                return Some((start + at) as u32);
            }
            left = left.checked_sub(c.len_utf16())?;
        }
        (left == 0).then_some(self.code.len() as u32)
    }

    /// Bytes of memory it takes, about.
    pub fn len_bytes(&self) -> usize {
        let imports: usize = self
            .imports
            .iter()
            .map(|i| i.specifier.len() + size_of::<Import>())
            .sum();
        let exports: usize = self.exports.iter().map(|e| e.name.len() + size_of::<Export>()).sum();
        size_of::<Self>() + self.code.len() + self.map.len_bytes() + imports + exports + self.function_ranges.len() * 8
    }
}

/// The innermost function around a byte offset of generated code, as V8 gives a function's start.
///
/// V8 gives a class the place of its constructor, so ask for `is_class` where the function is one.
pub fn function_at(places: &[FunctionPlace], offset: u32, is_class: bool) -> Option<&FunctionPlace> {
    let around = places
        .iter()
        .filter(|p| p.is_class == is_class && (p.generated.0..p.generated.1).contains(&offset));
    around.min_by_key(|p| p.generated.1 - p.generated.0)
}

/// Compiles one module. Deterministic: equal arguments give equal bytes.
///
/// # Errors
///
/// Everything that is wrong with the source, at most [`DIAGNOSTICS_MAX`](crate::DIAGNOSTICS_MAX) places. Never panics.
pub fn compile(source: &str, options: &CompileOptions) -> Result<Compiled, Diagnostics> {
    on_thread(source, options, compile_here)
}

/// Strips types and nothing else: the same program, unmetered. For tests that compare the two.
///
/// # Errors
///
/// As [`compile`].
pub fn strip_only(source: &str) -> Result<String, Diagnostics> {
    let options = CompileOptions {
        specifier: "module.ts".to_owned(),
        base_layer: true,
    };
    on_thread(source, &options, |source, options| {
        let allocator = Allocator::default();
        let stripped = strip(&allocator, source, options, false)?;
        Ok(print(&stripped.program, None, None).0)
    })
}

/// What a module imports, in the order of the text, without generating code.
///
/// # Errors
///
/// As [`compile`].
pub fn imports(source: &str) -> Result<Vec<Import>, Diagnostics> {
    let options = CompileOptions {
        specifier: "module.ts".to_owned(),
        base_layer: true,
    };
    on_thread(source, &options, |source, options| {
        let allocator = Allocator::default();
        let stripped = strip(&allocator, source, options, false)?;
        Ok(modules::collect(&stripped.program, source).0)
    })
}

/// Everything that is wrong with a source: syntax, scopes, the form of its imports, and what this machine does not run.
///
/// Types are **not** checked; that is what `tsc --noEmit` is for.
pub fn check(source: &str, specifier: &str) -> Diagnostics {
    let options = CompileOptions {
        specifier: specifier.to_owned(),
        base_layer: false,
    };
    compile(source, &options)
        .err()
        .unwrap_or_else(|| Diagnostics::new(specifier))
}

/// Runs a step where recursion as deep as [`nesting`] lets through has room, whatever stack the caller has.
pub(crate) fn on_thread<T: Send>(
    source: &str,
    options: &CompileOptions,
    step: fn(&str, &CompileOptions) -> Result<T, Diagnostics>,
) -> Result<T, Diagnostics> {
    let refuse = |offset: u32, message: String| {
        let mut diagnostics = Diagnostics::new(&options.specifier);
        diagnostics.error(source, offset, offset + 1, message, None);
        Err(diagnostics)
    };
    if source.len() > SOURCE_BYTES_MAX {
        return refuse(0, format!("the source is longer than {} KiB", SOURCE_BYTES_MAX / 1024));
    }
    match nesting::refuse(source) {
        Some((offset, nesting::Refusal::Deep)) => return refuse(offset, too_deep()),
        Some((offset, nesting::Refusal::Slash)) => {
            return refuse(
                offset,
                "this `/` could be a division or a regular expression; put brackets around it".to_owned(),
            );
        }
        None => {}
    }
    with_stack(source, options, step)
}

fn with_stack<T: Send>(
    source: &str,
    options: &CompileOptions,
    step: fn(&str, &CompileOptions) -> Result<T, Diagnostics>,
) -> Result<T, Diagnostics> {
    let refuse = |message: String| {
        let mut diagnostics = Diagnostics::new(&options.specifier);
        diagnostics.error(source, 0, 1, message, None);
        Err(diagnostics)
    };
    thread::scope(|scope| {
        let builder = thread::Builder::new()
            .name("compile".to_owned())
            .stack_size(STACK_BYTES);
        match builder.spawn_scoped(scope, || step(source, options)) {
            Ok(handle) => match handle.join() {
                Ok(result) => result,
                Err(_) => refuse("the compiler failed on this source; this is a fault of the compiler".to_owned()),
            },
            Err(error) => refuse(format!("the compiler could not start: {error}")),
        }
    })
}

fn too_deep() -> String {
    format!("the code is nested deeper than {DEPTH_MAX} levels")
}

/// A program without types, and what was learnt while it had them.
struct Stripped<'a> {
    program: Program<'a>,
    scoping: Scoping,
    plain: PlainNames,
}

fn parse<'a>(
    allocator: &'a Allocator,
    source: &'a str,
    kind: SourceType,
) -> (Program<'a>, Vec<oxc_diagnostics::OxcDiagnostic>) {
    let options = ParseOptions {
        parse_regular_expression: true,
        preserve_parens: false,
        ..ParseOptions::default()
    };
    let parsed = Parser::new(allocator, source, kind.with_module(true))
        .with_options(options)
        .parse();
    (parsed.program, parsed.diagnostics.into_vec())
}

/// Strips types, and where `lower` says so, turns `using` declarations into what V8 is given.
fn strip<'a>(
    allocator: &'a Allocator,
    source: &'a str,
    options: &CompileOptions,
    lower: bool,
) -> Result<Stripped<'a>, Diagnostics> {
    let (mut program, found) = parse(allocator, source, SourceType::ts());
    let mut survey = Survey::new(source, &options.specifier, options.base_layer);
    if !found.is_empty() {
        return Err(explain(source, options, found));
    }
    survey.visit_program(&program);
    if let Some(span) = survey.too_deep {
        survey.diagnostics.error(
            source,
            span.start,
            span.end,
            too_deep(),
            Some("split it into named parts"),
        );
    }
    if survey.diagnostics.has_errors() {
        return Err(survey.diagnostics.finish());
    }
    let lower = lower && survey.using;
    let top_level = lower && using::prepare(&mut program, allocator);
    let semantic = SemanticBuilder::new_compiler()
        .with_excess_capacity(2.0)
        .with_enum_eval(true)
        .build(&program);
    let mut diagnostics = survey.diagnostics;
    diagnostics.extend_from_oxc(source, semantic.diagnostics.into_vec());
    if diagnostics.has_errors() {
        return Err(diagnostics.finish());
    }
    let scoping = semantic.semantic.into_scoping();
    let plain = PlainNames::find(&program, &scoping);
    let mut transform = TransformOptions::default();
    transform.typescript.only_remove_type_imports = true;
    transform.env.es2026.explicit_resource_management = lower;
    transform.helper_loader.mode = HelperLoaderMode::External;
    let transformed = Transformer::new(allocator, Path::new(&options.specifier), &transform)
        .build_with_scoping(scoping, &mut program);
    diagnostics.extend_from_oxc(source, transformed.diagnostics.into_vec());
    if diagnostics.has_errors() {
        return Err(diagnostics.finish());
    }
    if lower {
        using::call_helper(&mut program, allocator, top_level);
    }
    Ok(Stripped {
        program,
        scoping: transformed.scoping,
        plain,
    })
}

/// Turns parse errors into diagnostics; for a source that is right but for JSX, into one that says so.
pub(crate) fn explain(
    source: &str,
    options: &CompileOptions,
    found: Vec<oxc_diagnostics::OxcDiagnostic>,
) -> Diagnostics {
    let mut diagnostics = Diagnostics::new(&options.specifier);
    if source.contains("/>") || source.contains("</") {
        let allocator = Allocator::default();
        let (program, errors) = parse(&allocator, source, SourceType::tsx());
        if errors.is_empty() {
            let mut find = FindJsx(None);
            find.visit_program(&program);
            if let Some(span) = find.0 {
                diagnostics.error(source, span.start, span.end, "JSX is not supported", None);
                return diagnostics;
            }
        }
    }
    diagnostics.extend_from_oxc(source, found);
    if diagnostics.is_empty() {
        diagnostics.error(source, 0, 1, "the source cannot be parsed", None);
    }
    diagnostics.finish()
}

struct FindJsx(Option<Span>);

impl<'a> Visit<'a> for FindJsx {
    fn visit_jsx_element(&mut self, it: &oxc_ast::ast::JSXElement<'a>) {
        self.0.get_or_insert(it.span);
    }

    fn visit_jsx_fragment(&mut self, it: &oxc_ast::ast::JSXFragment<'a>) {
        self.0.get_or_insert(it.span);
    }
}

fn compile_here(source: &str, options: &CompileOptions) -> Result<Compiled, Diagnostics> {
    let allocator = Allocator::default();
    let Stripped {
        mut program,
        mut scoping,
        plain,
    } = strip(&allocator, source, options, true)?;
    let (imports, exports) = modules::collect(&program, source);
    let renamed = names::rename(&mut program, &mut scoping, &allocator);
    let diagnostics = Meter::new(&allocator, source, &options.specifier, &scoping, &plain).run(&mut program);
    if diagnostics.has_errors() {
        return Err(diagnostics.finish());
    }
    let function_ranges = functions::find(&program, source)
        .into_iter()
        .map(|found| (found.span.start, found.span.end))
        .collect();
    let (code, map) = print(&program, Some(&options.specifier), renamed.then_some(scoping));
    Ok(Compiled {
        code,
        map,
        imports,
        exports,
        function_ranges,
        source_len: source.len() as u32,
    })
}

/// Prints a program; with a source map if it has a name, and names as in `scoping` if there is one.
fn print(program: &Program<'_>, name: Option<&str>, scoping: Option<Scoping>) -> (String, SourceMap) {
    let options = CodegenOptions {
        comments: CommentOptions::disabled(),
        source_map_path: name.map(Into::into),
        indent_char: IndentChar::Space,
        indent_width: 1,
        ..CodegenOptions::default()
    };
    let printed = Codegen::new()
        .with_options(options)
        .with_scoping(scoping)
        .build(program);
    let map = printed.map.map(|map| {
        SourceMap::from_tokens(map.get_tokens().map(|token| Token {
            generated_line: token.get_dst_line() + 1,
            generated_column: token.get_dst_col() + 1,
            line: token.get_src_line() + 1,
            column: token.get_src_col() + 1,
        }))
    });
    (printed.code, map.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::function_at;

    fn compiled(source: &str) -> Compiled {
        let options = CompileOptions {
            specifier: "a.ts".to_owned(),
            base_layer: false,
        };
        compile(source, &options).unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
    }

    /// The original position of the first place where `needle` is in the generated code.
    fn origin(compiled: &Compiled, needle: &str) -> Option<(u32, u32)> {
        let at = compiled.code.find(needle).unwrap();
        let before = &compiled.code[..at];
        let line = before.matches('\n').count() as u32 + 1;
        let column = before.rsplit('\n').next().unwrap().encode_utf16().count() as u32 + 1;
        compiled.map.lookup(line, column)
    }

    #[test]
    fn positions_lead_back_to_the_source() {
        let source = "#!/bin/ts\r\ninterface I { a: number }\r\nconst \u{e9}: I = { a: 1 };\n\nfunction f(x: number) {\n  while (x) {\n    throw new Error(`${x}`);\n  }\n}\nf(1);\n";
        let compiled = compiled(source);
        assert_eq!(origin(&compiled, "const \u{e9}"), Some((3, 1)));
        assert_eq!(origin(&compiled, "throw"), Some((7, 5)));
        assert_eq!(origin(&compiled, "new Error"), Some((7, 11)));
        assert_eq!(origin(&compiled, "f(1)"), Some((10, 1)));
        assert_eq!(compiled.source_len, source.len() as u32);
    }

    #[test]
    fn functions_are_found_by_their_generated_place() {
        let source = "enum E { A }\nclass C<T> {\n  private static async m(a: T) { return (b: T) => b; }\n  constructor(public x: number) {}\n  get p() { return 1; }\n}\nconst o = { *g(): any {}, h: function (): void {} };\nconst k = async <T,>(x: T): Promise<T> => x;";
        let compiled = compiled(source);
        let places = compiled.functions();
        let texts: Vec<&str> = places
            .iter()
            .filter_map(|place| place.source.map(|(start, end)| &source[start as usize..end as usize]))
            .collect();
        assert_eq!(
            texts,
            [
                "enum E { A }",
                &source[13..source.find("\nconst o").unwrap()],
                "async m(a: T) { return (b: T) => b; }",
                "(b: T) => b",
                "constructor(public x: number) {}",
                "get p() { return 1; }",
                "*g(): any {}",
                "function (): void {}",
                "async <T,>(x: T): Promise<T> => x",
            ]
        );
        let at = |needle: &str| compiled.code.find(needle).unwrap() as u32;
        let text = |offset, is_class| {
            let (start, end) = function_at(&places, offset, is_class).unwrap().source.unwrap();
            &source[start as usize..end as usize]
        };
        assert_eq!(text(at("(a)"), false), "async m(a: T) { return (b: T) => b; }");
        assert_eq!(text(at("(b)"), false), "(b: T) => b");
        assert_eq!(text(at("(x) {"), false), "constructor(public x: number) {}");
        assert!(text(at("(x) {"), true).starts_with("class C<T> {"));
        for place in &places {
            let generated = &compiled.code[place.generated.0 as usize..place.generated.1 as usize];
            assert!(
                !generated.starts_with("static") && !generated.starts_with(char::is_whitespace),
                "{generated}"
            );
        }
    }

    #[test]
    fn offsets_of_lines_and_columns() {
        let mut compiled = compiled("1");
        compiled.code = "a\u{1f600}b\ncd".to_owned();
        assert_eq!(compiled.offset(1, 1), Some(0));
        assert_eq!(compiled.offset(1, 4), Some(5));
        assert_eq!(compiled.offset(2, 2), Some(8));
        assert_eq!(compiled.offset(2, 3), Some(9));
        assert_eq!(compiled.offset(2, 4), None);
        assert_eq!(compiled.offset(3, 1), None);
        assert_eq!(compiled.offset(1, 0), None);
    }

    #[test]
    fn imports_and_exports_are_listed() {
        let source = "import { type T, a } from './a.ts';\nimport type { B } from './b.ts';\nexport * from 'helios:fs';\nexport { c as d } from '/c.ts';\nimport('./e.ts'); import(a);\nexport const { f, g: [h] } = a; export default class {} export enum I {} export type J = T;";
        let compiled = compiled(source);
        let imports: Vec<_> = compiled
            .imports
            .iter()
            .map(|i| (i.specifier.as_str(), i.dynamic, i.line, i.column))
            .collect();
        assert_eq!(
            imports,
            [
                ("./a.ts", false, 1, 27),
                ("helios:fs", false, 3, 15),
                ("/c.ts", false, 4, 24),
                ("./e.ts", true, 5, 8)
            ]
        );
        let exports: Vec<_> = compiled
            .exports
            .iter()
            .map(|e| (e.name.as_str(), e.from.as_deref()))
            .collect();
        assert_eq!(
            exports,
            [
                ("*", Some("helios:fs")),
                ("d", Some("/c.ts")),
                ("f", None),
                ("h", None),
                ("default", None),
                ("I", None)
            ]
        );
        assert_eq!(super::imports(source).unwrap(), compiled.imports);
    }

    #[test]
    fn a_compiled_module_survives_serialisation() {
        let compiled = compiled("import './a.ts'; export const a = (x: number) => x * 2;");
        let json = serde_json::to_string(&compiled).unwrap();
        assert_eq!(serde_json::from_str::<Compiled>(&json).unwrap(), compiled);
    }

    #[test]
    fn lowered_declarations_keep_their_places() {
        let source = "const before = () => 1;\nexport default class Main { method() {} }\nfunction hoisted() {\n  using a = open();\n  \
                      return () => a;\n}\nusing top = open();\nexport class Kept { static { using b = top; hoisted(); } }\n";
        let compiled = compiled(source);
        let places = compiled.functions();
        assert_eq!(places.len(), compiled.function_ranges.len());
        for place in &places {
            let (start, end) = place.source.expect("the program wrote them all");
            let written = &source[start as usize..end as usize];
            let generated = &compiled.code[place.generated.0 as usize..place.generated.1 as usize];
            let word = |text: &str| text.split([' ', '(']).next().map(str::to_owned);
            assert_eq!(word(written), word(generated), "{written}\n{generated}");
        }
        assert_eq!(origin(&compiled, "top = _"), Some((7, 7)));
        assert_eq!(origin(&compiled, "open())"), Some((4, 13)));
        assert_eq!(
            compiled.exports.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(),
            ["default", "Kept"]
        );
    }

    #[test]
    fn lowered_declarations_count_for_the_depth() {
        let nested = |depth: usize| format!("{}{}", "{ using a = b;".repeat(depth), "}".repeat(depth));
        assert!(!check(&nested(240), "a.ts").has_errors());
        assert!(check(&nested(260), "a.ts").to_string().contains("nested deeper than"));
        assert_eq!(strip_only("{ using a = b; }").unwrap(), "{\n using a = b;\n}\n");
    }

    #[test]
    fn only_the_library_imports_the_internal_module() {
        let source = "import 'helios:internal';";
        assert!(check(source, "a.ts").has_errors());
        let options = CompileOptions {
            specifier: "/usr/lib/helios/fs.ts".to_owned(),
            base_layer: true,
        };
        assert!(compile(source, &options).is_ok());
    }

    #[test]
    fn diagnostics_as_json() {
        let json = check("const a: number = ;", "a.ts").to_json();
        assert_eq!(json["specifier"], "a.ts");
        assert_eq!(
            (&json["list"][0]["line"], &json["list"][0]["column"]),
            (&1.into(), &19.into())
        );
        assert_eq!(json["list"][0]["severity"], "error");
    }

    #[test]
    fn stripping_leaves_the_program_as_it_is() {
        let stripped = strip_only("const a: number[] = [...b]; for (;;) await (a as any);").unwrap();
        assert_eq!(stripped, "const a = [...b];\nfor (;;) await a;\n");
    }

    #[test]
    fn the_generated_bytes_are_golden() {
        use sha2::{Digest, Sha256};
        let code = compiled(&crate::generate::sample(500)).code;
        // A change here is a change of the transform: raise `TRANSFORM_VERSION` with it.
        assert_eq!(
            (crate::TRANSFORM_VERSION, hex::encode(Sha256::digest(code)).as_str()),
            ("2", "5e9976ef3262037dfea321a3b801bd819ac032a2b43dd37e6b434fe7cee8866e")
        );
    }
}
