//! Commands of the log that handle cables.
//!
//! | command | addressed to | payload | what it does |
//! |---|---|---|---|
//! | `link.cut` | either end | `{interface}` | its end of the cable carries nothing any more |
//! | `link.mend` | either end | `{interface}` | it does again |
//! | `link.plug` | each end | `{interface, to: {node, interface}, link}` | plugs one end of a cable in |
//! | `link.pull` | each end | `{interface}` | pulls it out |
//! | `link.set` | the sending end | `{interface, link}` | changes what the direction from here is like |
//!
//! A cable has two ends, and each is its own node's: an operator who cuts, plugs or pulls writes a record for each. The
//! expansions `cable.cut`, `cable.mend` and `cable.pull` do so when their tick comes; their `interface` is the name of one end.

use bevy_app::App;
use bevy_ecs::prelude::*;
use helios_engine::ids::NodeId;
use helios_engine::prelude::{CommandError, LogAppExt};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::flight::set_cut;
use crate::index::NetIndex;
use crate::link::{Endpoint, HalfLink, Interface, LinkSpec, interface, plug};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct At {
    interface: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    interface: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    interface: u32,
    link: LinkSpec,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plug {
    interface: u32,
    to: Endpoint,
    link: LinkSpec,
}

/// Registers the commands, and what the script calls them.
pub(crate) fn register(app: &mut App) {
    app.register_command("link.cut", |world, node, payload| cut(world, node, payload, true))
        .register_command("link.mend", |world, node, payload| cut(world, node, payload, false))
        .register_command("link.pull", |world, node, payload| {
            let At { interface } = At::deserialize(payload)?;
            let entity = entity(world, node, interface)?;
            let mut interface = world.get_mut::<Interface>(entity).expect("indexed");
            if interface.cable.take().is_some() {
                interface.plugs += 1;
            }
            Ok(())
        })
        .register_command("link.plug", |world, node, payload| {
            let Plug { interface, to, link } = Plug::deserialize(payload)?;
            entity(world, node, interface)?;
            link.check().map_err(CommandError::new)?;
            plug(world, Endpoint { node, interface }, to, link);
            Ok(())
        })
        .register_command("link.set", |world, node, payload| {
            let Set { interface, link } = Set::deserialize(payload)?;
            let entity = entity(world, node, interface)?;
            link.check().map_err(CommandError::new)?;
            world
                .get_mut::<HalfLink>(entity)
                .expect("an interface has its half")
                .spec = link;
            Ok(())
        })
        .register_expansion("cable.cut", |world, node, payload| {
            both(world, node, payload, "link.cut")
        })
        .register_expansion("cable.mend", |world, node, payload| {
            both(world, node, payload, "link.mend")
        })
        .register_expansion("cable.pull", |world, node, payload| {
            both(world, node, payload, "link.pull")
        })
        .register_verb("cut", |arguments| cable("cut", "cable.cut", arguments))
        .register_verb("mend", |arguments| cable("mend", "cable.mend", arguments))
        .register_verb("unplug", |arguments| cable("unplug", "cable.pull", arguments));
}

fn entity(world: &World, node: NodeId, interface: u32) -> Result<Entity, CommandError> {
    let found = world.resource::<NetIndex>().interface(node, interface);
    found.ok_or_else(|| CommandError::new(format!("names interface {interface}, which the node does not have")))
}

fn cut(world: &mut World, node: NodeId, payload: &Value, cut: bool) -> Result<(), CommandError> {
    let At { interface } = At::deserialize(payload)?;
    set_cut(world, Endpoint { node, interface }, cut).map_err(CommandError::new)
}

/// A verb about a cable: it names the interface at one end.
fn cable(verb: &str, command: &str, arguments: &[Value]) -> Result<(String, Value), String> {
    match arguments {
        [Value::String(name)] => Ok((command.to_owned(), json!({ "interface": name }))),
        _ => Err(format!("expected: {verb} INTERFACE")),
    }
}

/// The records of both ends of a cable.
fn both(
    world: &World,
    node: NodeId,
    payload: &Value,
    command: &str,
) -> Result<Vec<(NodeId, String, Value)>, CommandError> {
    let Named { interface: name } = Named::deserialize(payload)?;
    let number = crate::stack::named(world, node, &name);
    let number =
        number.ok_or_else(|| CommandError::new(format!("names interface {name:?}, which the node does not have")))?;
    let cable = interface(world, node, number).and_then(|interface| interface.cable);
    let cable =
        cable.ok_or_else(|| CommandError::new(format!("names interface {name:?}, into which nothing is plugged")))?;
    let ends = [
        Endpoint {
            node,
            interface: number,
        },
        cable.to,
    ];
    let records = ends
        .iter()
        .map(|end| (end.node, command.to_owned(), json!({ "interface": end.interface })));
    Ok(records.collect())
}
