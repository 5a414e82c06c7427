//! Folders of scripts: made, and kept the same on this computer and on a machine.

use std::fs;

use super::Place;

#[test]
fn a_new_folder_runs_and_passes_its_test() {
    let place = Place::new();
    let made = place.good(&["new", "scripts"]);
    assert!(made.contains("helios run scripts/hello.ts"), "{made}");
    assert_eq!(
        place.good(&["run", "scripts/hello.ts", "you"]),
        "Hello you, this is home.\n"
    );
    assert_eq!(place.good(&["run", "scripts/greet.test.ts"]), "ok\n");
    for name in [
        "tsconfig.json",
        ".helios/types/helios.d.ts",
        ".helios/usr/lib/helios/fs.ts",
    ] {
        assert!(place.path("scripts").join(name).is_file(), "{name}");
    }
    assert!(place.bad(&["new", "scripts"], 2).contains("is there already"));
}

#[test]
fn a_folder_and_a_machine_follow_each_other() {
    let place = Place::new();
    fs::create_dir(place.path("src")).unwrap();
    place.write("src/a.txt", "from the host\n");
    let sync = "src=home:/home/player/src";
    let world = "w.helios";
    place.good(&["exec", "--save", world, "--", "mkdir src; echo theirs > src/b.txt"]);
    let both = ["exec", "--sync", sync, "--world", world, "--save", world, "--"];
    let line = |command: &'static str| both.into_iter().chain([command]).collect::<Vec<_>>();
    assert_eq!(
        place.good(&line("cat src/a.txt; ls -l src/a.txt | cut -c1-10")),
        "from the host\n-rw-r--r--\n"
    );
    assert_eq!(fs::read_to_string(place.path("src/b.txt")).unwrap(), "theirs\n");
    // Removals and changes go both ways, from one opening of the world to the next.
    fs::remove_file(place.path("src/b.txt")).unwrap();
    place.good(&line("ls src; echo more >> src/a.txt"));
    assert_eq!(
        fs::read_to_string(place.path("src/a.txt")).unwrap(),
        "from the host\nmore\n"
    );
    assert_eq!(
        place.good(&["sync", "--world", world, sync]),
        "0 files brought together\n"
    );
    assert_eq!(place.good(&["exec", "--world", world, "--", "ls src"]), "a.txt\n");
}

#[test]
fn what_changed_on_both_sides_is_kept_twice() {
    let place = Place::new();
    fs::create_dir(place.path("src")).unwrap();
    place.write("src/a.txt", "ours\n");
    place.good(&["exec", "--save", "w.helios", "--", "mkdir src; echo theirs > src/a.txt"]);
    let ran = place.run(&["sync", "--world", "w.helios", "src=home:/home/player/src"]);
    assert!(
        ran.status == Some(0) && ran.stderr.contains("kept as a.txt.orig"),
        "{ran:?}"
    );
    assert_eq!(fs::read_to_string(place.path("src/a.txt.orig")).unwrap(), "theirs\n");
    let both = place.good(&["exec", "--world", "w.helios", "--", "cat src/a.txt src/a.txt.orig"]);
    assert_eq!(both, "ours\ntheirs\n");
}

#[test]
fn a_recording_repeats_what_came_from_a_folder() {
    let place = Place::new();
    fs::create_dir(place.path("src")).unwrap();
    place.write("src/a.ts", "console.log('hi');\n");
    let sync = [
        "exec",
        "--sync",
        "src=home:/tmp",
        "--record",
        "r.hreplay",
        "--",
        "ts /tmp/a.ts",
    ];
    assert_eq!(place.good(&sync), "hi\n");
    place.good(&["replay", "--verify", "r.hreplay"]);
}

#[test]
fn wrong_folders_are_named() {
    let place = Place::new();
    fs::create_dir(place.path("src")).unwrap();
    for (spec, status, wanted) in [
        ("src", 2, "expected DIR=MACHINE:/PATH"),
        ("nonesuch=home:/tmp", 1, "nonesuch"),
        ("src=elsewhere:/tmp", 1, "there is no machine named \"elsewhere\""),
        ("src=home:/nonesuch", 1, "home:/nonesuch"),
        ("src=home:/etc/passwd", 1, "Not a directory"),
    ] {
        let ran = place.run(&["exec", "--sync", spec, "--", "true"]);
        assert!(
            ran.status == Some(status) && ran.stderr.contains(wanted),
            "{spec}: {ran:?}"
        );
    }
    // A folder of root's is written as root; one's own programs cannot lead the host elsewhere through a link.
    place.good(&["exec", "--save", "w.helios", "--", "ln -s /etc/hostname /tmp/link"]);
    place.write("src/link", "taken over\n");
    let ran = place.run(&[
        "exec",
        "--world",
        "w.helios",
        "--sync",
        "src=home:/tmp",
        "--",
        "cat /etc/hostname",
    ]);
    assert!(ran.stdout == "home\n", "{ran:?}");
}

#[test]
fn images_of_folders_reach_machines_and_come_back() {
    let place = Place::new();
    fs::create_dir_all(place.path("src/deep")).unwrap();
    place.write("src/a.txt", "from the host\n");
    place.write("src/deep/b.txt", "deeper\n");
    let made = place.good(&["image", "src", "-o", "disc.iso"]);
    assert!(made.starts_with("disc.iso: 3 entries, "), "{made}");
    place.good(&["image", "src", "-o", "stick.img", "--label", "STICK"]);
    assert!(
        place
            .bad(&["image", "src/a.txt", "-o", "x.img"], 1)
            .contains("not a folder")
    );
    let long = "a label that is longer than any label";
    assert!(
        place
            .bad(&["image", "src", "-o", "x.img", "--label", long], 1)
            .contains("at most 32 bytes")
    );
    let world = "w.helios";
    let line = "doas mount -r /dev/cd0 /media/cd0; doas mount /dev/usb1 /media/usb1; cat /media/cd0/deep/b.txt; \
                doas sh -c 'echo made inside > /media/usb1/c.txt'; mount | tail -n 2 | cut -d ' ' -f 3-5; sync";
    assert_eq!(
        place.good(&[
            "exec",
            "--insert",
            "home:cd0=disc.iso",
            "--insert",
            "home:usb1=stick.img",
            "--save",
            world,
            "--",
            line
        ]),
        "deeper\n/media/cd0 type iso9660\n/media/usb1 type helios\n"
    );
    let list = place.good(&["media", "--world", world, "list"]);
    assert!(
        list.contains("home:cd0 ro ") && list.contains("home:usb1 rw "),
        "{list}"
    );
    place.good(&["media", "--world", world, "eject", "home:usb1", "-o", "back.img"]);
    assert!(
        place
            .bad(&["media", "--world", world, "eject", "home:usb1"], 1)
            .contains("nothing in it")
    );
    let line = "cat /media/usb1/a.txt; doas umount /media/usb1; echo $?";
    let shell = place.good(&["exec", "--world", world, "--", &format!("{{ {line}; }} 2>&1")]);
    assert!(shell.contains("put/output error") && shell.ends_with("0\n"), "{shell}");
    // What was changed inside comes back, and goes into another world.
    let line = "doas mount /dev/usb1 /mnt; cat /mnt/a.txt /mnt/c.txt";
    assert_eq!(
        place.good(&["exec", "--insert", "home:usb1=back.img", "--", line]),
        "from the host\nmade inside\n"
    );
    place.good(&["media", "--world", world, "insert", "home:usb1"]);
    assert!(
        place
            .bad(&["media", "--world", world, "move", "home:usb1", "home:cd0"], 1)
            .contains("something in it")
    );
    assert!(
        place
            .bad(&["media", "--world", world, "insert", "home:usb1", "disc.iso"], 1)
            .contains("something in it")
    );
}

#[test]
fn a_stick_is_carried_between_machines_of_a_saved_world() {
    let place = Place::new();
    place.write(
        "two.ron",
        r#"(name: "two", seed: 1, nodes: [
            (name: "desk", kind: machine, machine: (), users: [(name: "root", uid: 0, gid: 0, home: "/root")], media: [(slot: "usb0", label: "notes", files: [(path: "n.txt", text: "notes\n")])]),
            (name: "vault", kind: machine, machine: (), users: [(name: "root", uid: 0, gid: 0, home: "/root")]),
        ])"#,
    );
    let world = "two.helios";
    let desk = ["exec", "--user", "root", "--machine", "desk", "--world"];
    let line = "mount /dev/usb0 /mnt; echo more >> /mnt/n.txt; umount /mnt";
    place.good(&[&desk[..], &["two.ron", "--save", world, "--", line]].concat());
    place.good(&["media", "--world", world, "move", "desk:usb0", "vault:usb1"]);
    let vault = ["exec", "--user", "root", "--machine", "vault", "--world", world, "--"];
    assert_eq!(
        place.good(&[&vault[..], &["mount /dev/usb1 /mnt && cat /mnt/n.txt"]].concat()),
        "notes\nmore\n"
    );
    assert!(
        place
            .bad(&["media", "--world", world, "move", "desk:usb0", "vault:usb0"], 1)
            .contains("nothing in it")
    );
}
