//! How a service hands its RPCs over to `rpc/<verb>.rs`. Each service has one way, and a new verb goes it too.

/// A service's way, read off its `src/rpc.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A method that passes itself and the request on; the verb opens the request and reaches the door by `rpc.door`.
    Passed,
    /// The same, written by the macro `serve!` from a list.
    Listed,
    /// The macro `verb!` opens the request; the verb gets the service, the context and the body.
    Opened,
}

impl Shape {
    pub fn of(rpc: &str) -> Self {
        if rpc.contains("macro_rules! verb ") {
            Self::Opened
        } else if rpc.contains("macro_rules! serve ") {
            Self::Listed
        } else {
            Self::Passed
        }
    }

    /// What has to be added to `src/rpc.rs`, as a template.
    pub fn registration(self) -> &'static str {
        match self {
            Self::Passed => {
                "    async fn {verb}(&self, request: Request<pb::{Verb}Request>) -> Answer<pb::{Verb}Response> {\n        \
                 {verb}::{verb}(self, request).await\n    }\n"
            }
            Self::Listed => "    {verb}({Verb}Request) -> {Verb}Response;\n",
            Self::Opened => {
                "    async fn {verb}(&self, r: Request<pb::{Verb}Request>) -> Answer<pb::{Verb}Response> {\n        \
                 verb!(self, r, {verb})\n    }\n"
            }
        }
    }

    /// Where it has to be added.
    pub fn place(self) -> &'static str {
        match self {
            Self::Passed | Self::Opened => "in the impl of that service",
            Self::Listed => "in the list of that service, `serve!(… {`",
        }
    }

    pub fn write_rpc(self) -> &'static str {
        match self {
            Self::Passed | Self::Listed => include_str!("write_rpc.txt"),
            Self::Opened => include_str!("opened_write_rpc.txt"),
        }
    }

    pub fn read_rpc(self) -> &'static str {
        match self {
            Self::Passed | Self::Listed => include_str!("read_rpc.txt"),
            Self::Opened => include_str!("opened_read_rpc.txt"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_of_every_service_is_known() {
        let shapes = [
            (include_str!("../../../services/credit/src/rpc.rs"), Shape::Passed),
            (
                include_str!("../../../services/inventory/src/rpc.rs"),
                Shape::Listed,
            ),
            (
                include_str!("../../../services/notification/src/rpc.rs"),
                Shape::Passed,
            ),
            (include_str!("../../../services/order/src/rpc.rs"), Shape::Opened),
        ];
        for (text, shape) in shapes {
            assert_eq!(Shape::of(text), shape);
            let door = text.contains("door: Door");
            assert_eq!(
                door,
                shape != Shape::Opened,
                "the templates of {shape:?} reach for `rpc.door`"
            );
        }
    }
}
