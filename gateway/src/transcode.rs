//! The REST API, made from the contracts: HTTP and JSON in, one gRPC call, JSON out.

pub(crate) mod body;

mod blame;
mod call;
mod codec;
mod handle;
mod query;
mod read;
mod reply;
mod strict;
mod table;

#[cfg(test)]
mod tests;

pub(crate) use handle::handle;
pub(crate) use table::{Found, Table};

use http::Method;

/// The method as a metric label: callers may invent methods.
pub(crate) fn method_label(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "OTHER",
    }
}
