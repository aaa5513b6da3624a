//! Frames of PostgreSQL's protocol 3, as far as a proxy has to know them.

use bytes::{Buf as _, BytesMut};

/// Asks for TLS; answered with one byte.
pub(super) const SSL_REQUEST: u32 = 80_877_103;
/// Asks for GSSAPI encryption; answered with one byte.
pub(super) const GSS_REQUEST: u32 = 80_877_104;
/// Cancels a statement of another session; never answered.
pub(super) const CANCEL_REQUEST: u32 = 80_877_102;

/// A frame of a session: its type and its content, and the bytes that it travels in.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) kind: u8,
    pub(super) bytes: BytesMut,
}

impl Frame {
    /// Everything behind type and length.
    pub(super) fn content(&self) -> &[u8] {
        self.bytes.get(5..).unwrap_or_default()
    }
}

/// Takes the first whole frame.
pub(super) fn take(from: &mut BytesMut) -> Option<Frame> {
    let kind = *from.first()?;
    let length = length(from.get(1..5)?)?;
    let whole = length + 1;
    if from.len() < whole {
        from.reserve(whole - from.len());
        return None;
    }
    Some(Frame {
        kind,
        bytes: from.split_to(whole),
    })
}

/// Takes the first whole frame of a session that has not begun: such frames have no type. The code comes first.
pub(super) fn take_opening(from: &mut BytesMut) -> Option<(u32, BytesMut)> {
    let whole = length(from.get(0..4)?)?;
    if whole < 8 || from.len() < whole {
        return None;
    }
    let bytes = from.split_to(whole);
    let code = bytes.get(4..8).map(|mut four| four.get_u32())?;
    Some((code, bytes))
}

fn length(mut four: &[u8]) -> Option<usize> {
    if four.len() < 4 {
        return None;
    }
    usize::try_from(four.get_u32()).ok()
}

/// A parameter of the frame that opens a session.
pub(super) fn parameter(opening: &[u8], wanted: &str) -> Option<String> {
    let mut texts = opening.get(8..)?.split(|byte| *byte == 0);
    loop {
        let (name, value) = (texts.next()?, texts.next()?);
        if name == wanted.as_bytes() {
            return Some(String::from_utf8_lossy(value).into_owned());
        }
    }
}

/// The texts that a frame's content begins with, each ended by a zero.
pub(super) fn texts<const N: usize>(content: &[u8]) -> [String; N] {
    let mut all = content.split(|byte| *byte == 0);
    std::array::from_fn(|_| {
        all.next()
            .map(|text| String::from_utf8_lossy(text).into_owned())
            .unwrap_or_default()
    })
}

/// Rows that a statement wrote, from the tag of its end.
pub(super) fn wrote(tag: &str) -> Option<u64> {
    let mut words = tag.split(' ');
    match words.next()? {
        "INSERT" | "UPDATE" | "DELETE" | "MERGE" => words.next_back()?.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_whole_or_not_at_all() {
        let mut buffer = BytesMut::from(&b"Q\0\0\0\x0bselect\0S\0\0\0\x04P\0"[..]);
        let query = take(&mut buffer).expect("whole");
        assert_eq!((query.kind, query.content()), (b'Q', &b"select\0"[..]));
        assert_eq!(take(&mut buffer).expect("whole").kind, b'S');
        assert!(take(&mut buffer).is_none());
        assert_eq!(&buffer[..], b"P\0");
    }

    #[test]
    fn openings_are_read() {
        let mut whole = vec![0, 0, 0, 0, 0, 3, 0, 0];
        whole.extend_from_slice(b"user\0khaacho\0application_name\0khaacho order\0\0");
        whole[3] = u8::try_from(whole.len()).expect("short");
        let mut buffer = BytesMut::from(&whole[..]);
        let (code, bytes) = take_opening(&mut buffer).expect("whole");
        assert_eq!(code, 196_608);
        assert_eq!(
            parameter(&bytes, "application_name").as_deref(),
            Some("khaacho order")
        );
        assert_eq!(parameter(&bytes, "database"), None);
        assert!(take_opening(&mut BytesMut::from(&b"\0\0\0\x08\0"[..])).is_none());
    }

    #[test]
    fn tags_tell_what_was_written() {
        assert_eq!(wrote("INSERT 0 3"), Some(3));
        assert_eq!(wrote("UPDATE 0"), Some(0));
        assert_eq!(wrote("SELECT 5"), None);
        assert_eq!(wrote("COMMIT"), None);
        assert_eq!(
            texts(b"s1\0select 1\0rest"),
            ["s1", "select 1"].map(str::to_owned)
        );
    }
}
