//! Which names and expressions can never be a BigInt.
//!
//! A BigInt operation costs what its operands are long, and one `**` can make an operand of a gigabit, so `*`, `**` and
//! `<<` are guarded where an operand may be a BigInt. Types are not checked, so they prove nothing here. What proves it
//! is the language: an arithmetic operator with one operand that is a primitive other than a BigInt gives a primitive
//! other than a BigInt, or throws. A name is *plain* if everything ever assigned to it is such an expression.

use oxc_ast::ast::*;
use oxc_ast_visit::{Visit, walk};
use oxc_semantic::Scoping;
use oxc_syntax::symbol::SymbolId;

/// Passes over the assignments before the analysis gives up and trusts no name. Each pass removes what the one before
/// made doubtful; programs need two or three.
const PASSES_MAX: u32 = 16;

/// The names that can never hold a BigInt.
#[derive(Default)]
pub(crate) struct PlainNames(Vec<bool>);

impl PlainNames {
    /// Finds them in an unchanged program.
    pub(crate) fn find<'a>(program: &Program<'a>, scoping: &Scoping) -> Self {
        let symbols = scoping.symbols_len();
        let mut count = Count {
            scoping,
            found: vec![Found::default(); symbols],
            distrust: false,
            namespaces: 0,
        };
        count.visit_program(program);
        let names = scoping.symbol_ids().zip(&count.found).map(|(symbol, found)| {
            let writes = scoping.get_resolved_references(symbol).filter(|r| r.is_write()).count();
            !found.distrusted
                && found.declared == 1
                && found.writes == writes
                && scoping.symbol_redeclarations(symbol).is_empty()
        });
        let mut names = Self(names.collect());
        for _ in 0..PASSES_MAX {
            if !names.0.contains(&true) {
                return names;
            }
            let mut pass = Pass {
                scoping,
                names: &names,
                lost: Vec::new(),
            };
            pass.visit_program(program);
            let lost = pass.lost;
            if lost.is_empty() {
                return names;
            }
            for symbol in lost {
                names.0[symbol.index()] = false;
            }
        }
        Self(vec![false; symbols])
    }

    fn holds(&self, name: &IdentifierReference<'_>, scoping: &Scoping) -> bool {
        let Some(reference) = name.reference_id.get() else {
            return false;
        };
        match scoping.get_reference(reference).symbol_id() {
            Some(symbol) => self.0.get(symbol.index()).copied().unwrap_or(false),
            None => matches!(name.name.as_str(), "undefined" | "NaN" | "Infinity"),
        }
    }

    /// Whether the value of `it` is always a primitive other than a BigInt.
    pub(crate) fn plain(&self, it: &Expression<'_>, scoping: &Scoping) -> bool {
        match it {
            Expression::NumericLiteral(_)
            | Expression::StringLiteral(_)
            | Expression::BooleanLiteral(_)
            | Expression::NullLiteral(_)
            | Expression::TemplateLiteral(_) => true,
            Expression::Identifier(name) => self.holds(name, scoping),
            Expression::ParenthesizedExpression(it) => self.plain(&it.expression, scoping),
            Expression::TSAsExpression(it) => self.plain(&it.expression, scoping),
            Expression::TSSatisfiesExpression(it) => self.plain(&it.expression, scoping),
            Expression::TSNonNullExpression(it) => self.plain(&it.expression, scoping),
            Expression::TSTypeAssertion(it) => self.plain(&it.expression, scoping),
            Expression::UnaryExpression(it) => match it.operator {
                UnaryOperator::UnaryNegation | UnaryOperator::BitwiseNot => self.plain(&it.argument, scoping),
                _ => true,
            },
            Expression::BinaryExpression(it) => {
                !is_arithmetic(it.operator)
                    || it.operator == BinaryOperator::ShiftRightZeroFill
                    || self.plain(&it.left, scoping)
                    || self.plain(&it.right, scoping)
            }
            Expression::LogicalExpression(it) => self.plain(&it.left, scoping) && self.plain(&it.right, scoping),
            Expression::ConditionalExpression(it) => {
                self.plain(&it.consequent, scoping) && self.plain(&it.alternate, scoping)
            }
            Expression::SequenceExpression(it) => it.expressions.last().is_some_and(|e| self.plain(e, scoping)),
            Expression::AssignmentExpression(it) => match it.operator {
                AssignmentOperator::Assign => self.plain(&it.right, scoping),
                operator if operator.is_logical() => false,
                _ => {
                    self.plain(&it.right, scoping)
                        || matches!(&it.left, AssignmentTarget::AssignmentTargetIdentifier(name) if self.holds(name, scoping))
                }
            },
            Expression::UpdateExpression(it) => {
                matches!(&it.argument, SimpleAssignmentTarget::AssignmentTargetIdentifier(name) if self.holds(name, scoping))
            }
            _ => false,
        }
    }
}

/// Operators whose result is a BigInt when both operands are. Comparisons, `in` and `instanceof` give booleans.
pub(crate) fn is_arithmetic(operator: BinaryOperator) -> bool {
    operator.is_arithmetic() || operator.is_bitwise()
}

/// What is known of one name after the first walk.
#[derive(Clone, Default)]
struct Found {
    /// It is given values that no assignment in the text shows.
    distrusted: bool,
    /// Declarations as a plain `let`, `const` or `var` name.
    declared: u32,
    /// Assignments of the forms that [`Pass`] looks at.
    writes: usize,
}

/// The first walk: how each name gets its values.
struct Count<'s> {
    scoping: &'s Scoping,
    found: Vec<Found>,
    distrust: bool,
    namespaces: u32,
}

impl Count<'_> {
    fn head(&mut self, left: &ForStatementLeft<'_>) {
        if let ForStatementLeft::VariableDeclaration(it) = left {
            for name in it.declarations.iter().filter_map(|d| d.id.get_binding_identifier()) {
                if let Some(symbol) = name.symbol_id.get() {
                    self.found[symbol.index()].distrusted = true;
                }
            }
        }
    }
}

impl<'a> Visit<'a> for Count<'_> {
    fn visit_variable_declaration(&mut self, it: &VariableDeclaration<'a>) {
        for declarator in &it.declarations {
            if let BindingPattern::BindingIdentifier(name) = &declarator.id
                && let Some(symbol) = name.symbol_id.get()
            {
                let found = &mut self.found[symbol.index()];
                found.declared += 1;
                found.distrusted |= self.distrust || it.declare || declarator.definite;
            }
        }
        let outer = std::mem::take(&mut self.distrust);
        walk::walk_variable_declaration(self, it);
        self.distrust = outer;
    }

    /// What a namespace exports is a property too.
    fn visit_export_declaration(&mut self, it: &ExportDeclaration<'a>) {
        self.distrust = self.namespaces > 0;
        walk::walk_export_declaration(self, it);
        self.distrust = false;
    }

    fn visit_ts_namespace_declaration(&mut self, it: &TSNamespaceDeclaration<'a>) {
        self.namespaces += 1;
        let outer = std::mem::take(&mut self.distrust);
        walk::walk_ts_namespace_declaration(self, it);
        self.distrust = outer;
        self.namespaces -= 1;
    }

    fn visit_for_of_statement(&mut self, it: &ForOfStatement<'a>) {
        self.head(&it.left);
        walk::walk_for_of_statement(self, it);
    }

    fn visit_for_in_statement(&mut self, it: &ForInStatement<'a>) {
        self.head(&it.left);
        walk::walk_for_in_statement(self, it);
    }

    fn visit_assignment_expression(&mut self, it: &AssignmentExpression<'a>) {
        if let AssignmentTarget::AssignmentTargetIdentifier(name) = &it.left
            && let Some(symbol) = symbol_of(name, self.scoping)
        {
            self.found[symbol.index()].writes += 1;
        }
        walk::walk_assignment_expression(self, it);
    }

    fn visit_update_expression(&mut self, it: &UpdateExpression<'a>) {
        if let SimpleAssignmentTarget::AssignmentTargetIdentifier(name) = &it.argument
            && let Some(symbol) = symbol_of(name, self.scoping)
        {
            self.found[symbol.index()].writes += 1;
        }
        walk::walk_update_expression(self, it);
    }
}

/// A later walk: which names, plain so far, are given a value that may not be.
struct Pass<'s> {
    scoping: &'s Scoping,
    names: &'s PlainNames,
    lost: Vec<SymbolId>,
}

impl Pass<'_> {
    fn gives(&mut self, symbol: Option<SymbolId>, value: &Expression<'_>) {
        if let Some(symbol) = symbol
            && self.names.0[symbol.index()]
            && !self.names.plain(value, self.scoping)
        {
            self.lost.push(symbol);
        }
    }
}

impl<'a> Visit<'a> for Pass<'_> {
    fn visit_variable_declarator(&mut self, it: &VariableDeclarator<'a>) {
        if let (BindingPattern::BindingIdentifier(name), Some(init)) = (&it.id, &it.init) {
            self.gives(name.symbol_id.get(), init);
        }
        walk::walk_variable_declarator(self, it);
    }

    /// `x op= value` needs no look: it keeps a plain name plain, or throws. `x ??= value` does.
    fn visit_assignment_expression(&mut self, it: &AssignmentExpression<'a>) {
        if let AssignmentTarget::AssignmentTargetIdentifier(name) = &it.left
            && (it.operator == AssignmentOperator::Assign || it.operator.is_logical())
        {
            self.gives(symbol_of(name, self.scoping), &it.right);
        }
        walk::walk_assignment_expression(self, it);
    }
}

fn symbol_of(name: &IdentifierReference<'_>, scoping: &Scoping) -> Option<SymbolId> {
    scoping.get_reference(name.reference_id.get()?).symbol_id()
}
