//! `helios image`: a disk image of a folder of this computer.

use helios_fs::disk::host::of_folder;
use helios_fs::disk::{Image, ImageError, iso};
use serde_json::json;

use crate::args::{ImageArgs, ImageFormat};
use crate::error::{Failure, Outcome};

/// Runs the command.
///
/// # Errors
/// If the folder cannot be read, is no image's, or the file cannot be written.
pub(super) fn image(args: &ImageArgs) -> Outcome {
    let label = match &args.label {
        Some(label) => label.clone(),
        None => default_label(args),
    };
    let (image, left_out) = of_folder(&args.folder, &label).map_err(Failure::new)?;
    for path in &left_out {
        eprintln!(
            "helios: {}: neither a file, a folder nor a link: left out",
            path.display()
        );
    }
    let by_name = args
        .out
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("iso"));
    let format = args
        .format
        .unwrap_or(if by_name { ImageFormat::Iso } else { ImageFormat::Helios });
    let bytes = write(&image, format).map_err(|error| Failure::new(error.to_string()))?;
    crate::media::write_image(&args.out, &bytes)?;
    let (files, id) = (image.tree.len() - 1, image.tree.id());
    if args.json {
        println!(
            "{}",
            json!({ "file": args.out, "bytes": bytes.len(), "entries": files, "id": id })
        );
    } else {
        println!(
            "{}: {files} entries, {} bytes, image {id}",
            args.out.display(),
            bytes.len()
        );
    }
    Ok(0)
}

fn write(image: &Image, format: ImageFormat) -> Result<Vec<u8>, ImageError> {
    match format {
        ImageFormat::Helios => image.write(),
        ImageFormat::Iso => iso::write(&image.tree, |id| image.chunks.get(id).map(AsRef::as_ref)),
    }
}

/// The folder's own name, as far as it fits.
fn default_label(args: &ImageArgs) -> String {
    let real = args.folder.canonicalize().unwrap_or_else(|_| args.folder.clone());
    let name = real.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut label = String::new();
    for letter in name.chars().filter(|letter| !letter.is_control()) {
        if label.len() + letter.len_utf8() > helios_fs::disk::tree::LABEL_BYTES {
            break;
        }
        label.push(letter);
    }
    label
}
