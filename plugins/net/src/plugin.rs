//! The plugin of the network.

use bevy_app::{App, Plugin};
use bevy_ecs::prelude::*;
use helios_engine::prelude::{Phase, Rebuild, SimTick, StateAppExt, TimeAppExt, WorldsAppExt};
use helios_kernel::KernelSystems;
use helios_kernel::host::Halted;

use crate::flight::{self, Frame, Outbox};
use crate::index::NetIndex;
use crate::link::{HalfLink, Interface};
use crate::sockets::{Inbox, NetSocket, SocketIndex, TcpConnection, TcpListening};
use crate::stack::{Ipv4Stack, Neighbours, Reassembly};
use crate::switch::{self, Cam, Switch, SwitchCounters};
use crate::taps::Taps;
use crate::{commands, sockets, stack, topology};

/// Links, switches and the stacks of machines. Add it after the kernel's plugin.
#[derive(Clone, Copy, Debug, Default)]
pub struct NetPlugin;

/// Systems of the network.
#[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NetSystems {
    /// Rebuilds the index and the calendar's frames, in [`Rebuild`].
    Rebuild,
    /// What was sent is on its way, at the end of [`Phase::Transmit`].
    Launch,
}

impl Plugin for NetPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<NetIndex>()
            .init_resource::<Outbox>()
            .init_resource::<Taps>()
            .init_resource::<topology::Pending>()
            .register_row::<Interface>()
            .register_row::<HalfLink>()
            .register_row::<Frame>()
            .register_row::<Switch>()
            .register_row::<Cam>()
            .register_row::<SwitchCounters>()
            .init_resource::<SocketIndex>()
            .register_row::<Ipv4Stack>()
            .register_row::<Reassembly>()
            .register_row::<Neighbours>()
            .register_row::<NetSocket>()
            .register_row::<Inbox>()
            .register_row::<TcpConnection>()
            .register_row::<TcpListening>()
            .register_event(flight::ARRIVAL, flight::arrive)
            .register_event(stack::arp::TIMER, stack::arp::on_timer)
            .register_event(stack::reassembly::TIMER, stack::reassembly::on_timer)
            .register_event(sockets::tcp::TIMER, sockets::tcp::on_timer)
            .register_world_section("switch", 5, switch::build_section)
            .register_world_section("net", 30, topology::build_section)
            .register_world_finisher(30, topology::finish)
            .add_systems(
                Rebuild,
                rebuild
                    .in_set(NetSystems::Rebuild)
                    .in_set(KernelSystems::RebuildNetwork),
            )
            .add_systems(
                SimTick,
                flight::launch.in_set(Phase::Transmit).in_set(NetSystems::Launch),
            );
        commands::register(app);
        sockets::calls::register(app);
    }
}

/// Finds everything again that is not a row. A save whose rows contradict each other does not run.
fn rebuild(world: &mut World) {
    world.insert_resource(Outbox::default());
    let rebuilt = NetIndex::rebuild(world)
        .and_then(|()| topology::check_rows(world))
        .and_then(|()| flight::rebuild(world))
        .and_then(|()| stack::rebuild(world))
        .and_then(|()| sockets::rebuild(world));
    if let Err(problem) = rebuilt {
        Halted::set(world, &format!("the save is not sound: {problem}"));
    }
}
