//! Keeps the player's names apart from the injected ones.

use oxc_allocator::{Allocator, ArenaVec, TakeIn};
use oxc_ast::{ast::*, builder::AstBuilder};
use oxc_ecmascript::BoundNames;
use oxc_semantic::Scoping;
use oxc_span::SPAN;
use oxc_syntax::symbol::SymbolId;

use crate::{GAS_HELPERS, GAS_REFILL, GAS_TEMPORARY, GAS_VARIABLE};

/// The names that the host defines in script scope, which no module may bind.
pub(crate) const RESERVED: [&str; 4] = [GAS_VARIABLE, GAS_REFILL, GAS_HELPERS, GAS_TEMPORARY];

/// Whether a name is one of the injected ones.
pub(crate) fn is_reserved(name: &str) -> bool {
    name.len() == 2 && RESERVED.contains(&name)
}

/// Gives every binding with a reserved name another, unused name; exports keep theirs. Returns whether there were any.
pub(crate) fn rename<'a>(program: &mut Program<'a>, scoping: &mut Scoping, allocator: &'a Allocator) -> bool {
    let mut renamed = false;
    for reserved in RESERVED {
        let symbols: Vec<SymbolId> = scoping
            .symbol_ids()
            .filter(|&s| scoping.symbol_name(s) == reserved)
            .collect();
        if symbols.is_empty() {
            continue;
        }
        let fresh = fresh_name(reserved, scoping);
        renamed = true;
        scoping.set_symbol_names(&symbols, Ident::from(fresh.as_str()));
    }
    if renamed {
        split_exports(program, scoping, allocator);
    }
    renamed
}

/// The first of `$g_1`, `$g_2`, … that the module neither binds nor uses.
fn fresh_name(reserved: &str, scoping: &Scoping) -> String {
    (1_u32..)
        .map(|n| format!("{reserved}_{n}"))
        .find(|name| {
            !scoping.symbol_names().any(|used| used == name)
                && !scoping
                    .root_unresolved_references()
                    .keys()
                    .any(|used| used.as_str() == name)
        })
        .expect("a module has fewer names than there are numbers")
}

/// Turns `export const $g = 1` into `const $g = 1` and `export { $g }`, where the name inside can change alone.
fn split_exports<'a>(program: &mut Program<'a>, scoping: &Scoping, allocator: &'a Allocator) {
    let builder = AstBuilder::new(allocator);
    let mut specifiers = ArenaVec::new_in(&builder);
    for statement in &mut program.body {
        let Statement::ExportDeclaration(export) = statement else {
            continue;
        };
        let mut names = Vec::new();
        export
            .declaration
            .bound_names(&mut |it| names.push((it.name, it.symbol_id.get())));
        if !names.iter().any(|(name, _)| is_reserved(name)) {
            continue;
        }
        for (name, symbol) in names {
            let inside = symbol.map_or(name.as_str(), |symbol| scoping.symbol_name(symbol));
            let inside = Ident::from_str_in(inside, &builder);
            let local = ModuleExportName::new_identifier_reference(SPAN, inside, &builder);
            let exported = ModuleExportName::new_identifier_name(SPAN, name, &builder);
            specifiers.push(ExportSpecifier::new(
                SPAN,
                local,
                exported,
                ImportOrExportKind::Value,
                &builder,
            ));
        }
        let declaration = export.declaration.take_in(&builder);
        *statement = Statement::from(declaration);
    }
    if !specifiers.is_empty() {
        let export = Statement::new_export_named_declaration(SPAN, specifiers, ImportOrExportKind::Value, &builder);
        program.body.push(export);
    }
}
