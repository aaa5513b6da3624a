//! Which kinds of media are kept: those that people send to a shop's number, told by their own first bytes, because
//! the name that came with them is only a claim.

/// What this is; `None` for everything that is not kept, and for what is of another family than it claims to be.
pub fn kind(content: &[u8], claimed: &str) -> Option<&'static str> {
    let claimed = claimed.split(';').next().unwrap_or_default().trim();
    let claimed = claimed.to_ascii_lowercase();
    first_bytes(content, &claimed).filter(|found| agree(found, &claimed))
}

fn first_bytes(content: &[u8], claimed: &str) -> Option<&'static str> {
    let starts = |magic: &[u8]| content.starts_with(magic);
    let at = |from: usize, magic: &[u8]| content.get(from..from + magic.len()) == Some(magic);
    if starts(b"\xff\xd8\xff") {
        return Some("image/jpeg");
    }
    if starts(b"\x89PNG\r\n\x1a\n") {
        return Some("image/png");
    }
    if starts(b"RIFF") && at(8, b"WEBP") {
        return Some("image/webp");
    }
    if starts(b"OggS") {
        return Some("audio/ogg");
    }
    if starts(b"#!AMR") {
        return Some("audio/amr");
    }
    if at(4, b"ftyp") {
        return boxed(content, claimed);
    }
    if starts(b"%PDF-") {
        return Some("application/pdf");
    }
    if starts(b"PK\x03\x04") {
        return named(claimed, &OPEN_XML);
    }
    if starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return named(claimed, &OLD_OFFICE);
    }
    if starts(b"ID3") {
        return Some("audio/mpeg");
    }
    if is_card(content) {
        return Some(CARD);
    }
    frame(content)
}

/// Office documents that are zip archives. Other archives are not kept, and macros have types of their own.
const OPEN_XML: [&str; 3] = [
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
];
const OLD_OFFICE: [&str; 3] = [
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
];

/// A contact, as Twilio delivers it.
const CARD: &str = "text/vcard";

fn is_card(content: &[u8]) -> bool {
    const BEGIN: &[u8] = b"BEGIN:VCARD";
    let text = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    text.get(..BEGIN.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(BEGIN))
        && std::str::from_utf8(text).is_ok()
}

/// Whether the bytes are of the family that was claimed. Providers take one picture for another and a voice for a
/// video, which share their boxes, and old names of types are many; but nobody sends a picture as a document's content.
fn agree(found: &str, claimed: &str) -> bool {
    fn family(kind: &str) -> &str {
        match kind.split('/').next() {
            Some("audio" | "video") => "sound or video",
            Some(family) => family,
            None => "",
        }
    }
    let unknown = claimed.is_empty() || claimed == "application/octet-stream";
    let named_so = family(found) == family(claimed) && family(found) != "application";
    unknown || named_so || found == claimed || (found == CARD && claimed == "text/x-vcard")
}

fn named(claimed: &str, kinds: &[&'static str]) -> Option<&'static str> {
    kinds.iter().find(|kind| **kind == claimed).copied()
}

/// Files of boxes: the brand says video or sound, and the common brands do not, so the claim decides between the two.
fn boxed(content: &[u8], claimed: &str) -> Option<&'static str> {
    let brand = content.get(8..12)?;
    match brand {
        b"M4A " | b"M4B " => Some("audio/mp4"),
        _ if brand.starts_with(b"3g") => Some("video/3gpp"),
        b"isom" | b"iso2" | b"iso4" | b"iso5" | b"iso6" | b"mp41" | b"mp42" | b"avc1" | b"M4V " | b"dash"
        | b"MSNV" => Some(if claimed == "audio/mp4" {
            "audio/mp4"
        } else {
            "video/mp4"
        }),
        _ => None,
    }
}

/// Bare frames of sound: eleven set bits, then the layer. ADTS (AAC) has twelve and layer 0.
fn frame(content: &[u8]) -> Option<&'static str> {
    let (&first, &second) = (content.first()?, content.get(1)?);
    if first != 0xff || second & 0xe0 != 0xe0 {
        return None;
    }
    match (second >> 1) & 0b11 {
        0 if second & 0xf0 == 0xf0 => Some("audio/aac"),
        1 => Some("audio/mpeg"),
        _ => None,
    }
}

/// Whether this is a voice or other sound.
pub fn is_sound(kind: &str) -> bool {
    kind.starts_with("audio/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_send_is_known_by_its_first_bytes() {
        let word = OPEN_XML[0];
        let known: [(&[u8], &str, &str); 14] = [
            (b"\xff\xd8\xff\xe0rest", "", "image/jpeg"),
            (b"\x89PNG\r\n\x1a\nrest", "image/jpeg", "image/png"),
            (b"RIFF\x01\x02\x03\x04WEBPVP8", "", "image/webp"),
            (b"OggS\0rest", "audio/ogg; codecs=opus", "audio/ogg"),
            (b"#!AMR\n", "", "audio/amr"),
            (b"\0\0\0\x20ftypisom", "video/mp4", "video/mp4"),
            (b"\0\0\0\x20ftypmp42", "audio/mp4", "audio/mp4"),
            (b"\0\0\0\x20ftypM4A ", "", "audio/mp4"),
            (b"\0\0\0\x20ftyp3gp4", "", "video/3gpp"),
            (b"%PDF-1.7", "", "application/pdf"),
            (b"PK\x03\x04rest", word, word),
            (b"ID3\x04", "", "audio/mpeg"),
            (b"\xff\xfb\x90", "", "audio/mpeg"),
            (b"\xff\xf1\x50", "", "audio/aac"),
        ];
        for (content, claimed, expected) in known {
            assert_eq!(kind(content, claimed), Some(expected));
        }
    }

    #[test]
    fn another_family_than_the_claimed_one_is_not_kept() {
        let picture = b"\xff\xd8\xff\xe0rest";
        for claimed in ["image/jpeg", "IMAGE/PNG; x=y", "", "application/octet-stream"] {
            assert_eq!(kind(picture, claimed), Some("image/jpeg"), "{claimed}");
        }
        for claimed in ["audio/ogg", "application/pdf", "text/vcard"] {
            assert_eq!(kind(picture, claimed), None, "{claimed}");
        }
        assert_eq!(kind(b"%PDF-1.7", "application/msword"), None);
        assert_eq!(kind(b"OggS\0", "video/ogg"), Some("audio/ogg"));
        assert_eq!(kind(b"begin:vcard\r\n", "text/x-vcard"), Some("text/vcard"));
        assert_eq!(kind(b"BEGIN:VCARD\xff", "text/vcard"), None);
    }

    #[test]
    fn a_claim_alone_makes_no_picture() {
        let others: [(&[u8], &str); 8] = [
            (b"", "image/jpeg"),
            (b"<html><script>", "image/jpeg"),
            (b"<svg onload=x>", "image/png"),
            (b"MZ\x90\0", "application/pdf"),
            (b"\x7fELF", "audio/ogg"),
            (b"GIF89a", "image/gif"),
            (b"PK\x03\x04rest", "application/zip"),
            (b"\0\0\0\x20ftypheic", "image/heic"),
        ];
        for (content, claimed) in others {
            assert_eq!(kind(content, claimed), None, "{claimed}");
        }
    }
}
