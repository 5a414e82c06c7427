//! Worlds that are part of the program.

/// Name and text of each world in `assets/worlds`, the default first.
pub const WORLDS: &[(&str, &str)] = &[
    ("single", include_str!("../../../assets/worlds/single.ron")),
    ("lan", include_str!("../../../assets/worlds/lan.ron")),
    ("office", include_str!("../../../assets/worlds/office.ron")),
];

/// The text of a world that is part of the program.
#[must_use]
pub fn builtin_world(name: &str) -> Option<&'static str> {
    WORLDS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}
