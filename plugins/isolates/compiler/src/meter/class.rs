//! Classes: what runs when one is made, and what runs when an instance is.

use oxc_allocator::{ArenaVec, TakeIn};
use oxc_ast::ast::*;
use oxc_ast_visit::VisitJsMut;
use oxc_span::SPAN;

use super::Meter;

impl<'a> Meter<'a, '_> {
    pub(super) fn meter_class(&mut self, it: &mut Class<'a>) {
        if let Some(heritage) = &mut it.heritage {
            self.charge_parameter_part(&mut heritage.expression);
        }
        let (mut statics, mut has_statics) = (0_u32, false);
        let (mut instance, mut fields) = (0_u32, 0_u32);
        for element in &mut it.body.body {
            self.weigh(2);
            match element {
                ClassElement::StaticBlock(block) => self.visit_static_block(block),
                ClassElement::MethodDefinition(method) => {
                    let computed = method.computed;
                    self.meter_class_key(&mut method.key, computed);
                    self.closed(|s| s.visit_function(&mut method.value, oxc_syntax::scope::ScopeFlags::Function));
                }
                ClassElement::PropertyDefinition(field) => {
                    let computed = field.computed;
                    self.meter_class_key(&mut field.key, computed);
                    let weight = self.region(|s| {
                        s.weigh(2);
                        if let Some(value) = &mut field.value {
                            s.closed(|s| s.visit_expression(value));
                        }
                    });
                    if field.r#static {
                        (statics, has_statics) = (statics.saturating_add(weight), true);
                    } else {
                        (instance, fields) = (instance.saturating_add(weight), fields + 1);
                    }
                }
                ClassElement::AccessorProperty(_) | ClassElement::TSIndexSignature(_) => {}
            }
        }
        if fields > 0 {
            self.charge_fields(&mut it.body.body, instance);
        }
        if has_statics {
            let body = ArenaVec::from_value_in(self.charge_statement(statics), &self.ast);
            it.body
                .body
                .insert(0, ClassElement::new_static_block(SPAN, body, &self.ast));
        }
    }

    fn meter_class_key(&mut self, key: &mut PropertyKey<'a>, computed: bool) {
        if computed {
            self.charge_parameter_part(key.to_expression_mut());
        }
    }

    /// Puts the charge for all instance fields into one of them, where it changes nothing else.
    fn charge_fields(&mut self, body: &mut ArenaVec<'a, ClassElement<'a>>, weight: u32) {
        let carrier = body.iter_mut().find_map(|element| match element {
            ClassElement::PropertyDefinition(field) if !field.r#static => {
                (!field.value.as_ref().is_some_and(is_anonymous_function)).then_some(field)
            }
            _ => None,
        });
        if let Some(field) = carrier {
            match &mut field.value {
                Some(value) => self.wrap(value, weight),
                None => {
                    let charge = self.charge_expression(weight);
                    field.value = Some(Expression::new_unary_expression(
                        SPAN,
                        UnaryOperator::Void,
                        charge,
                        &self.ast,
                    ));
                }
            }
            return;
        }
        // Only anonymous functions, which take their names from their fields: `x = () => {}` becomes
        // `x = (charge, { ["x"]: () => {} }["x"])`.
        let named = body.iter_mut().find_map(|element| match element {
            ClassElement::PropertyDefinition(field) if !field.r#static && !field.computed => Some(field),
            _ => None,
        });
        if let Some(field) = named {
            let name = match &field.key {
                PropertyKey::PrivateIdentifier(key) => format!("#{}", key.name),
                key => key.static_name().unwrap_or_default().into_owned(),
            };
            if let Some(value) = &mut field.value {
                self.name_explicitly(value, &name);
                self.wrap(value, weight);
            }
            return;
        }
        let name = (0_u32..)
            .map(|n| format!("$charge{n}"))
            .find(|name| !self.source.contains(name.as_str()))
            .expect("a source has fewer names than there are numbers");
        let key = PropertyKey::new_private_identifier(SPAN, Ident::from_str_in(&name, &self.ast), &self.ast);
        let charge = self.charge_expression(weight);
        let field = ClassElement::new_property_definition(
            SPAN,
            PropertyDefinitionType::PropertyDefinition,
            ArenaVec::new_in(&self.ast),
            key,
            None,
            Some(charge),
            false,
            false,
            false,
            false,
            false,
            false,
            false,
            None,
            &self.ast,
        );
        body.insert(0, field);
    }

    fn name_explicitly(&self, value: &mut Expression<'a>, name: &str) {
        let name = Str::from_str_in(name, &self.ast);
        let literal = || Expression::new_string_literal(SPAN, name, None, &self.ast);
        let function = value.take_in(&self.ast);
        let property = ObjectPropertyKind::new_object_property(
            SPAN,
            PropertyKind::Init,
            PropertyKey::from(literal()),
            function,
            false,
            false,
            true,
            &self.ast,
        );
        let object = Expression::new_object_expression(SPAN, ArenaVec::from_value_in(property, &self.ast), &self.ast);
        *value = Expression::new_computed_member_expression(SPAN, object, literal(), false, &self.ast);
    }
}

/// The language names these after what they are assigned to.
fn is_anonymous_function(it: &Expression<'_>) -> bool {
    match it {
        Expression::ArrowFunctionExpression(_) => true,
        Expression::FunctionExpression(it) => it.id.is_none(),
        Expression::ClassExpression(it) => it.id.is_none(),
        Expression::ParenthesizedExpression(it) => is_anonymous_function(&it.expression),
        _ => false,
    }
}
