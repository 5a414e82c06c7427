//! Injects gas into stripped JavaScript. `lib.rs` says what is charged, where, and why.

mod build;
mod class;
mod guard;

use oxc_allocator::{Allocator, ArenaVec, TakeIn};
use oxc_ast::{ast::*, builder::AstBuilder};
use oxc_ast_visit::{VisitJsMut, walk_js_mut as walk};
use oxc_semantic::Scoping;
use oxc_span::SPAN;
use oxc_syntax::{scope::ScopeFlags, symbol::SymbolId};

use crate::{Diagnostics, names::is_reserved, numbers::PlainNames};

/// Weight of syntax that makes one gas. One weight is about one bytecode's work.
const WEIGHT_PER_GAS: u32 = 4;
/// A call or `new`: the frame, beside what the callee is charged.
const CALL_WEIGHT: u32 = 4;
/// A closure, an object, an array, a template or a regular expression: an allocation.
const ALLOCATION_WEIGHT: u32 = 4;
/// A class: its constructor, prototype and maps.
const CLASS_WEIGHT: u32 = 40;
/// Leaving and coming back at an `await` or a `yield`: promise, reaction, saved registers.
const RESUME_WEIGHT: u32 = 24;

/// The pass. `weight` is that of the straight-line region being visited.
pub(crate) struct Meter<'a, 's> {
    ast: AstBuilder<'a>,
    source: &'s str,
    specifier: &'s str,
    scoping: &'s Scoping,
    plain: &'s PlainNames,
    weight: u32,
    /// Inside the parameters of a function, before its own charge: what may run code there is charged in place.
    in_parameters: bool,
    /// The expression about to be visited is part of an arithmetic tree whose root is guarded.
    guarded: bool,
    /// Rest elements bound since the last place where a statement could charge them.
    rests: Vec<Ident<'a>>,
    /// Free uses of reserved names.
    pub(crate) diagnostics: Diagnostics,
}

impl<'a, 's> Meter<'a, 's> {
    pub(crate) fn new(
        allocator: &'a Allocator,
        source: &'s str,
        specifier: &'s str,
        scoping: &'s Scoping,
        plain: &'s PlainNames,
    ) -> Self {
        Self {
            ast: AstBuilder::new(allocator),
            source,
            specifier,
            scoping,
            plain,
            weight: 0,
            in_parameters: false,
            guarded: false,
            rests: Vec::new(),
            diagnostics: Diagnostics::new(specifier),
        }
    }

    /// Meters a whole module: its top level is a region like a function's body.
    pub(crate) fn run(mut self, program: &mut Program<'a>) -> Diagnostics {
        self.visit_statements(&mut program.body);
        let charge = self.charge_statement(self.weight);
        program.body.insert(0, charge);
        self.diagnostics
    }

    fn weigh(&mut self, weight: u32) {
        self.weight = self.weight.saturating_add(weight);
    }

    /// Visits a region of its own; returns its weight, which the region around it does not pay.
    fn region(&mut self, visit: impl FnOnce(&mut Self)) -> u32 {
        let outer = std::mem::take(&mut self.weight);
        visit(self);
        std::mem::replace(&mut self.weight, outer)
    }

    /// Visits the body of a function or a computed part of it, where no parameter list is open.
    fn closed<T>(&mut self, visit: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::take(&mut self.in_parameters);
        let value = visit(self);
        self.in_parameters = outer;
        value
    }

    /// The charges that a body begins with: its weight, then what its head bound to rest elements.
    fn head(&mut self, weight: u32, rests: Vec<Ident<'a>>) -> Vec<Statement<'a>> {
        let mut head = vec![self.charge_statement(weight)];
        head.extend(rests.into_iter().map(|name| self.rest_statement(name)));
        head
    }

    fn prepend(statements: &mut ArenaVec<'a, Statement<'a>>, head: Vec<Statement<'a>>) {
        for (index, statement) in head.into_iter().enumerate() {
            statements.insert(index, statement);
        }
    }

    /// Puts charges at the start of a loop's body, which becomes a block if it is none.
    fn charge_body(&mut self, body: &mut Statement<'a>, weight: u32, rests: Vec<Ident<'a>>) {
        let head = self.head(weight, rests);
        if let Statement::BlockStatement(block) = body {
            Self::prepend(&mut block.body, head);
            return;
        }
        let mut statements = ArenaVec::from_iter_in(head, &self.ast);
        if !matches!(body, Statement::EmptyStatement(_)) {
            statements.push(body.take_in(&self.ast));
        }
        *body = Statement::new_block_statement(SPAN, statements, &self.ast);
    }

    /// A loop over `left`: the charges go into the body, with those of what the head binds.
    fn charge_loop(&mut self, left: &mut ForStatementLeft<'a>, body: &mut Statement<'a>, extra: u32) {
        let outer = std::mem::take(&mut self.rests);
        let weight = self.region(|s| {
            s.weigh(extra);
            s.visit_for_statement_left(left);
            // The rests of the head are charged in the body, so those of the body must not mix with them.
            let head = std::mem::take(&mut s.rests);
            s.visit_statement(body);
            s.rests = head;
        });
        let rests = std::mem::replace(&mut self.rests, outer);
        self.charge_body(body, weight, rests);
        self.weigh(2);
    }

    /// Wraps a default value or computed key inside parameters with its own charge, where it may run code.
    fn charge_parameter_part(&mut self, part: &mut Expression<'a>) {
        let weight = self.region(|s| s.closed(|s| s.visit_expression(part)));
        if may_run_code(part) {
            self.wrap(part, weight);
        } else {
            self.weigh(weight);
        }
    }

    /// `expression` becomes `(charge, expression)`.
    fn wrap(&mut self, expression: &mut Expression<'a>, weight: u32) {
        let charge = self.charge_expression(weight);
        let value = expression.take_in(&self.ast);
        *expression = self.sequence([charge, value]);
    }

    /// The name that a symbol is printed under.
    fn printed_name(&self, symbol: Option<SymbolId>, name: Ident<'a>) -> Ident<'a> {
        symbol.map_or(name, |symbol| {
            Ident::from_str_in(self.scoping.symbol_name(symbol), &self.ast)
        })
    }
}

/// Whether evaluating an expression can enter a function before any charge. Anonymous functions must not be wrapped,
/// or they would lose the name that the language gives them.
fn may_run_code(it: &Expression<'_>) -> bool {
    match it {
        Expression::NumericLiteral(_)
        | Expression::StringLiteral(_)
        | Expression::BooleanLiteral(_)
        | Expression::NullLiteral(_)
        | Expression::BigIntLiteral(_)
        | Expression::Identifier(_)
        | Expression::ThisExpression(_)
        | Expression::ArrowFunctionExpression(_)
        | Expression::FunctionExpression(_)
        | Expression::ClassExpression(_) => false,
        Expression::ParenthesizedExpression(it) => may_run_code(&it.expression),
        Expression::UnaryExpression(it) => !matches!(it.argument, Expression::NumericLiteral(_)),
        Expression::ArrayExpression(it) => !it.elements.is_empty(),
        Expression::ObjectExpression(it) => !it.properties.is_empty(),
        _ => true,
    }
}

impl<'a> VisitJsMut<'a> for Meter<'a, '_> {
    fn visit_identifier_reference(&mut self, it: &mut IdentifierReference<'a>) {
        // What this pass injects has no place in the source.
        if is_reserved(&it.name) && !it.span.is_empty() {
            let resolved = it.reference_id.get().is_some_and(|id| self.scoping.has_binding(id));
            if !resolved {
                let message = format!("`{}` is reserved", it.name);
                self.diagnostics.error(
                    self.source,
                    it.span.start,
                    it.span.end,
                    message,
                    Some("choose another name"),
                );
            }
        }
        self.weigh(1);
    }

    fn visit_statements(&mut self, it: &mut ArenaVec<'a, Statement<'a>>) {
        let outer = std::mem::take(&mut self.rests);
        let mut index = 0;
        while index < it.len() {
            self.weigh(1);
            self.visit_statement(&mut it[index]);
            index += 1;
            for name in std::mem::take(&mut self.rests) {
                let charge = self.rest_statement(name);
                it.insert(index, charge);
                index += 1;
            }
        }
        self.rests = outer;
    }

    fn visit_expression(&mut self, it: &mut Expression<'a>) {
        let guarded = std::mem::take(&mut self.guarded);
        self.weigh(1);
        self.meter_expression(it, guarded);
    }

    fn visit_function(&mut self, it: &mut Function<'a>, _: ScopeFlags) {
        let outer = std::mem::take(&mut self.rests);
        let weight = self.region(|s| {
            s.visit_formal_parameters(&mut it.params);
            let head = std::mem::take(&mut s.rests);
            if let Some(body) = &mut it.body {
                s.closed(|s| s.visit_statements(&mut body.statements));
            }
            s.rests = head;
        });
        let rests = std::mem::replace(&mut self.rests, outer);
        if let Some(body) = &mut it.body {
            let head = self.head(weight, rests);
            Self::prepend(&mut body.statements, head);
        }
        self.weigh(ALLOCATION_WEIGHT);
    }

    fn visit_arrow_function_expression(&mut self, it: &mut ArrowFunctionExpression<'a>) {
        let outer = std::mem::take(&mut self.rests);
        let weight = self.region(|s| {
            s.visit_formal_parameters(&mut it.params);
            let head = std::mem::take(&mut s.rests);
            s.closed(|s| match &mut it.body {
                ArrowFunctionBody::FunctionBody(body) => s.visit_statements(&mut body.statements),
                body => s.visit_expression(body.to_expression_mut()),
            });
            s.rests = head;
        });
        let rests = std::mem::replace(&mut self.rests, outer);
        match &mut it.body {
            ArrowFunctionBody::FunctionBody(body) => {
                let head = self.head(weight, rests);
                Self::prepend(&mut body.statements, head);
            }
            body => {
                let mut parts = vec![self.charge_expression(weight)];
                parts.extend(rests.into_iter().map(|name| self.rest_expression(name)));
                parts.push(body.to_expression_mut().take_in(&self.ast));
                *body = ArrowFunctionBody::from(self.sequence(parts));
            }
        }
        self.weigh(ALLOCATION_WEIGHT);
    }

    fn visit_formal_parameters(&mut self, it: &mut FormalParameters<'a>) {
        for item in &mut it.items {
            let outer = std::mem::replace(&mut self.in_parameters, true);
            self.visit_binding_pattern(&mut item.pattern);
            self.in_parameters = outer;
            if let Some(value) = &mut item.initializer {
                self.charge_parameter_part(value);
            }
        }
        if let Some(rest) = &mut it.rest {
            // The caller has paid for the arguments that this collects.
            let outer = std::mem::replace(&mut self.in_parameters, true);
            self.visit_binding_pattern(&mut rest.rest.argument);
            self.in_parameters = outer;
        }
    }

    fn visit_assignment_pattern(&mut self, it: &mut AssignmentPattern<'a>) {
        self.visit_binding_pattern(&mut it.left);
        if self.in_parameters {
            self.charge_parameter_part(&mut it.right);
        } else {
            self.visit_expression(&mut it.right);
        }
    }

    fn visit_property_key(&mut self, it: &mut PropertyKey<'a>) {
        if self.in_parameters && it.is_expression() {
            let key = it.to_expression_mut();
            self.charge_parameter_part(key);
        } else {
            walk::walk_property_key(self, it);
        }
    }

    fn visit_binding_rest_element(&mut self, it: &mut BindingRestElement<'a>) {
        if let BindingPattern::BindingIdentifier(name) = &it.argument {
            let name = self.printed_name(name.symbol_id.get(), name.name);
            self.rests.push(name);
        }
        walk::walk_binding_rest_element(self, it);
    }

    fn visit_assignment_target_rest(&mut self, it: &mut AssignmentTargetRest<'a>) {
        if let AssignmentTarget::AssignmentTargetIdentifier(name) = &it.target {
            let symbol = name
                .reference_id
                .get()
                .and_then(|id| self.scoping.get_reference(id).symbol_id());
            let name = self.printed_name(symbol, name.name);
            self.rests.push(name);
        }
        walk::walk_assignment_target_rest(self, it);
    }

    fn visit_while_statement(&mut self, it: &mut WhileStatement<'a>) {
        let weight = self.region(|s| {
            s.visit_expression(&mut it.test);
            s.visit_statement(&mut it.body);
        });
        self.charge_body(&mut it.body, weight, Vec::new());
        self.weigh(2);
    }

    fn visit_do_while_statement(&mut self, it: &mut DoWhileStatement<'a>) {
        let weight = self.region(|s| {
            s.visit_statement(&mut it.body);
            s.visit_expression(&mut it.test);
        });
        self.charge_body(&mut it.body, weight, Vec::new());
        self.weigh(2);
    }

    fn visit_for_statement(&mut self, it: &mut ForStatement<'a>) {
        let outer = std::mem::take(&mut self.rests);
        if let Some(init) = &mut it.init {
            self.visit_for_statement_init(init);
        }
        let rests = std::mem::replace(&mut self.rests, outer);
        let weight = self.region(|s| {
            if let Some(test) = &mut it.test {
                s.visit_expression(test);
            }
            if let Some(update) = &mut it.update {
                s.visit_expression(update);
            }
            s.visit_statement(&mut it.body);
        });
        self.charge_body(&mut it.body, weight, rests);
        self.weigh(2);
    }

    fn visit_for_in_statement(&mut self, it: &mut ForInStatement<'a>) {
        self.visit_expression(&mut it.right);
        let object = it.right.take_in(&self.ast);
        it.right = self.helper("keys", [object]);
        self.charge_loop(&mut it.left, &mut it.body, 4);
    }

    fn visit_for_of_statement(&mut self, it: &mut ForOfStatement<'a>) {
        self.visit_expression(&mut it.right);
        let extra = if it.r#await { RESUME_WEIGHT } else { 4 };
        self.charge_loop(&mut it.left, &mut it.body, extra);
    }

    fn visit_try_statement(&mut self, it: &mut TryStatement<'a>) {
        self.visit_statements(&mut it.block.body);
        if let Some(handler) = &mut it.handler {
            let outer = std::mem::take(&mut self.rests);
            let weight = self.region(|s| {
                s.weigh(ALLOCATION_WEIGHT);
                if let Some(param) = &mut handler.param {
                    s.visit_binding_pattern(&mut param.pattern);
                }
                let head = std::mem::take(&mut s.rests);
                s.visit_statements(&mut handler.body.body);
                s.rests = head;
            });
            let rests = std::mem::replace(&mut self.rests, outer);
            let head = self.head(weight, rests);
            Self::prepend(&mut handler.body.body, head);
        }
        if let Some(finalizer) = &mut it.finalizer {
            let weight = self.region(|s| s.visit_statements(&mut finalizer.body));
            let head = self.head(weight, Vec::new());
            Self::prepend(&mut finalizer.body, head);
        }
    }

    fn visit_class(&mut self, it: &mut Class<'a>) {
        self.meter_class(it);
        self.weigh(CLASS_WEIGHT);
    }

    fn visit_static_block(&mut self, it: &mut StaticBlock<'a>) {
        let weight = self.region(|s| s.closed(|s| s.visit_statements(&mut it.body)));
        let head = self.head(weight, Vec::new());
        Self::prepend(&mut it.body, head);
    }

    fn visit_spread_element(&mut self, it: &mut SpreadElement<'a>) {
        // In a list: an iteration that the engine runs by itself. The other kind is in an object literal.
        self.visit_expression(&mut it.argument);
        let value = it.argument.take_in(&self.ast);
        it.argument = self.helper("spread", [value]);
    }

    fn visit_object_property_kind(&mut self, it: &mut ObjectPropertyKind<'a>) {
        match it {
            ObjectPropertyKind::SpreadProperty(it) => {
                self.visit_expression(&mut it.argument);
                let value = it.argument.take_in(&self.ast);
                it.argument = self.helper("own", [value]);
            }
            ObjectPropertyKind::ObjectProperty(it) => self.visit_object_property(it),
        }
    }

    fn visit_import_declaration(&mut self, _: &mut ImportDeclaration<'a>) {}

    fn visit_export_from_declaration(&mut self, _: &mut ExportFromDeclaration<'a>) {}

    fn visit_export_all_declaration(&mut self, _: &mut ExportAllDeclaration<'a>) {}
}

impl<'a> Meter<'a, '_> {
    fn meter_expression(&mut self, it: &mut Expression<'a>, guarded: bool) {
        match it {
            Expression::BinaryExpression(_)
            | Expression::UnaryExpression(_)
            | Expression::ParenthesizedExpression(_) => {
                self.meter_arithmetic(it, guarded);
            }
            Expression::AssignmentExpression(_) => self.meter_assignment(it),
            Expression::AwaitExpression(inner) => {
                self.visit_expression(&mut inner.argument);
                self.charge_resumption(it);
            }
            Expression::YieldExpression(inner) => {
                if let Some(argument) = &mut inner.argument {
                    self.visit_expression(argument);
                }
                self.charge_resumption(it);
            }
            Expression::RegExpLiteral(literal) => {
                let pattern = literal.regex.pattern.text;
                let flags = Str::from_str_in(&literal.regex.flags.to_string(), &self.ast);
                let pattern = Expression::new_string_literal(SPAN, pattern, None, &self.ast);
                let flags = Expression::new_string_literal(SPAN, flags, None, &self.ast);
                let span = literal.span;
                *it = self.helper("regexp", [pattern, flags]);
                if let Expression::CallExpression(call) = it {
                    call.span = span;
                }
                self.weigh(4 * ALLOCATION_WEIGHT);
            }
            Expression::ImportExpression(import) => {
                self.visit_expression(&mut import.source);
                let name = import.source.take_in(&self.ast);
                let here = Str::from_str_in(self.specifier, &self.ast);
                let here = Expression::new_string_literal(SPAN, here, None, &self.ast);
                let span = import.span;
                *it = self.helper("import", [name, here]);
                if let Expression::CallExpression(call) = it {
                    call.span = span;
                }
                self.weigh(RESUME_WEIGHT);
            }
            _ => {
                self.weigh(match it {
                    Expression::CallExpression(_) | Expression::NewExpression(_) | Expression::ChainExpression(_) => {
                        CALL_WEIGHT
                    }
                    Expression::TaggedTemplateExpression(_) => CALL_WEIGHT + ALLOCATION_WEIGHT,
                    Expression::ArrayExpression(_)
                    | Expression::ObjectExpression(_)
                    | Expression::TemplateLiteral(_) => ALLOCATION_WEIGHT,
                    _ => 0,
                });
                walk::walk_expression(self, it);
            }
        }
    }

    /// `await x` becomes `($t = await x, charge, $t)`.
    fn charge_resumption(&mut self, it: &mut Expression<'a>) {
        let value = it.take_in(&self.ast);
        let store = self.store_temporary(value);
        let charge = self.charge_expression(RESUME_WEIGHT);
        let load = self.temporary();
        *it = self.sequence([store, charge, load]);
    }
}
