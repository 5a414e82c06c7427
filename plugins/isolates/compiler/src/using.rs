//! `using` and `await using`: V8 is given blocks that end with `finally` in their place, because its own feature would add
//! built-ins to every context late. The transformer does most of it; here is what it leaves.

use oxc_allocator::{Allocator, ArenaVec, TakeIn};
use oxc_ast::{ast::*, builder::AstBuilder};
use oxc_ast_visit::{VisitMut, walk_mut as walk};
use oxc_span::{GetSpan, SPAN};

use crate::{GAS_HELPERS, survey::is_using};

/// The helper of the transformer, which names it so.
const FOREIGN: (&str, &str) = ("babelHelpers", "usingCtx");
/// The one of ours.
const HELPER: &str = "using";

/// Brings declarations to where the transformer looks for them, before there are scopes: `for (using x = y; …; …)` becomes a
/// block that declares `x` and then loops, with the labels at the loop; what `catch` and `finally` do becomes a block in
/// theirs; and an enum that is exported is a statement of its own, which stays in its place among the others.
/// Returns whether the module itself declares something with `using`, not only what is in it.
pub(crate) fn prepare<'a>(program: &mut Program<'a>, allocator: &'a Allocator) -> bool {
    let ast = AstBuilder::new(allocator);
    let top_level = program.body.iter().any(declares);
    let mut prepare = Prepare { ast };
    if top_level {
        prepare.split_enums(program);
    }
    prepare.visit_program(program);
    top_level
}

struct Prepare<'a> {
    ast: AstBuilder<'a>,
}

impl<'a> Prepare<'a> {
    /// Turns `export enum E { … }` into `enum E { … }` and `export { E }`.
    fn split_enums(&self, program: &mut Program<'a>) {
        let mut specifiers = ArenaVec::new_in(&self.ast);
        for statement in &mut program.body {
            let Statement::ExportDeclaration(export) = statement else {
                continue;
            };
            let name = match &export.declaration {
                Declaration::TSEnumDeclaration(it) if !it.declare => it.id.name,
                _ => continue,
            };
            let local = ModuleExportName::new_identifier_reference(SPAN, name, &self.ast);
            let exported = ModuleExportName::new_identifier_name(SPAN, name, &self.ast);
            let kind = ImportOrExportKind::Value;
            specifiers.push(ExportSpecifier::new(SPAN, local, exported, kind, &self.ast));
            *statement = Statement::from(export.declaration.take_in(&self.ast));
        }
        if !specifiers.is_empty() {
            let kind = ImportOrExportKind::Value;
            let export = Statement::new_export_named_declaration(SPAN, specifiers, kind, &self.ast);
            program.body.push(export);
        }
    }

    fn wrap(&self, it: &mut BlockStatement<'a>) {
        if it.body.iter().any(declares) {
            let body = it.body.take_in(&self.ast);
            it.body.push(Statement::new_block_statement(it.span, body, &self.ast));
        }
    }
}

/// Whether a statement declares something with `using`.
fn declares(it: &Statement<'_>) -> bool {
    matches!(it, Statement::VariableDeclaration(it) if is_using(it))
}

impl<'a> VisitMut<'a> for Prepare<'a> {
    fn visit_try_statement(&mut self, it: &mut TryStatement<'a>) {
        let blocks = it.handler.iter_mut().map(|handler| &mut handler.body);
        for block in blocks.chain(&mut it.finalizer) {
            self.wrap(block);
        }
        walk::walk_try_statement(self, it);
    }

    fn visit_statement(&mut self, it: &mut Statement<'a>) {
        if let Some(declaration) = take_head(it) {
            let span = it.span();
            let parts = [declaration, it.take_in(&self.ast)];
            let parts = ArenaVec::from_iter_in(parts, &self.ast);
            *it = Statement::new_block_statement(span, parts, &self.ast);
        }
        walk::walk_statement(self, it);
    }
}

/// Takes the declaration out of a loop's head, where it is one of `using`.
fn take_head<'a>(mut it: &mut Statement<'a>) -> Option<Statement<'a>> {
    while let Statement::LabeledStatement(labeled) = it {
        it = &mut labeled.body;
    }
    let Statement::ForStatement(looped) = it else {
        return None;
    };
    match looped.init.take() {
        Some(ForStatementInit::VariableDeclaration(declaration)) if is_using(&declaration) => {
            Some(Statement::VariableDeclaration(declaration))
        }
        other => {
            looped.init = other;
            None
        }
    }
}

/// Puts `$h.using` in the place of the transformer's helper, and what it returns before the `try` that works with it: where
/// there is no stack left to call it, there is nothing to dispose of. What the transformer wrote has no place in the
/// source, so that a program's own use of that name stays.
pub(crate) fn call_helper<'a>(program: &mut Program<'a>, allocator: &'a Allocator, top_level: bool) {
    let ast = AstBuilder::new(allocator);
    CallHelper { ast }.visit_program(program);
    if top_level {
        // The transformer made `var` of all the module's declarations, so that functions outside the block see them; but
        // enums it turned into `let` only afterwards.
        for statement in program.body.iter_mut().filter_map(lowered).flatten() {
            if let Statement::VariableDeclaration(declaration) = statement
                && declaration.kind == VariableDeclarationKind::Let
            {
                declaration.kind = VariableDeclarationKind::Var;
            }
        }
    }
}

struct CallHelper<'a> {
    ast: AstBuilder<'a>,
}

impl<'a> CallHelper<'a> {
    /// The call of the helper in `var c = babelHelpers.usingCtx();`.
    fn call<'b>(it: &'b mut Statement<'a>) -> Option<&'b mut CallExpression<'a>> {
        let Statement::VariableDeclaration(declaration) = it else {
            return None;
        };
        let [declarator] = declaration.declarations.as_mut_slice() else {
            return None;
        };
        let Some(Expression::CallExpression(call)) = &mut declarator.init else {
            return None;
        };
        is_foreign(&call.callee).then_some(call)
    }
}

fn is_foreign(callee: &Expression<'_>) -> bool {
    let Expression::StaticMemberExpression(member) = callee else {
        return false;
    };
    matches!(&member.object, Expression::Identifier(object) if object.span.is_empty()
        && (object.name.as_str(), member.property.name.as_str()) == FOREIGN)
}

/// The statements of a lowered module, which stand in `try` behind the helper.
fn lowered<'b, 'a>(it: &'b mut Statement<'a>) -> Option<&'b mut ArenaVec<'a, Statement<'a>>> {
    let Statement::BlockStatement(block) = it else {
        return None;
    };
    match block.body.as_mut_slice() {
        [_, Statement::TryStatement(attempt)] => Some(&mut attempt.block.body),
        _ => None,
    }
}

impl<'a> VisitMut<'a> for CallHelper<'a> {
    fn visit_statement(&mut self, it: &mut Statement<'a>) {
        if let Statement::TryStatement(attempt) = it
            && let Some(call) = attempt.block.body.first_mut().and_then(Self::call)
        {
            let helpers = Expression::new_identifier(SPAN, GAS_HELPERS, &self.ast);
            let property = IdentifierName::new(SPAN, HELPER, &self.ast);
            call.callee = Expression::new_static_member_expression(SPAN, helpers, property, false, &self.ast);
            let declaration = attempt.block.body.remove(0);
            let span = attempt.span;
            let parts = ArenaVec::from_iter_in([declaration, it.take_in(&self.ast)], &self.ast);
            *it = Statement::new_block_statement(span, parts, &self.ast);
        }
        walk::walk_statement(self, it);
    }
}
