//! Messages of protocol buffers by hand, right and wrong ones.

/// Bytes of a message.
#[derive(Debug, Clone, Default)]
pub struct Message(pub Vec<u8>);

/// A whole number in base 128.
pub fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or(0);
        value >>= 7;
        if value == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

impl Message {
    /// No field.
    pub fn new() -> Self {
        Self::default()
    }

    /// A tag: field number and wire type.
    pub fn tag(mut self, field: u64, wire: u64) -> Self {
        self.0.extend(varint(field << 3 | wire));
        self
    }

    /// Bytes as they are.
    pub fn raw(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// A whole number.
    pub fn int(self, field: u64, value: i64) -> Self {
        self.tag(field, 0).raw(&varint(value.cast_unsigned()))
    }

    /// Text, bytes, or a message inside.
    pub fn bytes(self, field: u64, bytes: &[u8]) -> Self {
        let length = varint(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        self.tag(field, 2).raw(&length).raw(bytes)
    }

    /// Text.
    pub fn text(self, field: u64, text: &str) -> Self {
        self.bytes(field, text.as_bytes())
    }

    /// A message inside.
    pub fn message(self, field: u64, inner: &Self) -> Self {
        self.bytes(field, &inner.0)
    }
}

/// A message with the five bytes of gRPC in front.
pub fn framed(message: &[u8]) -> Vec<u8> {
    prefixed(0, u32::try_from(message.len()).unwrap_or(u32::MAX), message)
}

/// A message with any flag and stated length in front.
pub fn prefixed(flag: u8, length: u32, message: &[u8]) -> Vec<u8> {
    let mut bytes = vec![flag];
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(message);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_agree_with_the_examples_of_the_encoding_guide() {
        assert_eq!(Message::new().int(1, 150).0, [0x08, 0x96, 0x01]);
        assert_eq!(Message::new().text(2, "testing").0, b"\x12\x07testing");
        let inner = Message::new().int(1, 150);
        assert_eq!(
            Message::new().message(3, &inner).0,
            [0x1a, 0x03, 0x08, 0x96, 0x01]
        );
        assert_eq!(varint(u64::MAX).len(), 10);
        assert_eq!(framed(b"ab"), [0, 0, 0, 0, 2, b'a', b'b']);
    }
}
