//! Typed identifiers with a readable prefix. See the crate's README.

use uuid::Uuid;

#[cfg(test)]
mod tests;

/// Root of all namespaces of derived ids. Changing it changes every derived id: never do.
const ROOT: Uuid = Uuid::from_u128(0x6b68_6161_6368_6f00_8a1d_5f3c_2b7e_9d40);

/// Why a text is not an id of the wanted type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form {expected}<32 lower-case hex digits>")]
pub struct Error {
    expected: &'static str,
}

impl Error {
    /// Prefix that the text should have had, for example `ord_`.
    pub fn expected(&self) -> &'static str {
        self.expected
    }
}

fn parse(prefix: &'static str, text: &str) -> Result<Uuid, Error> {
    let error = Error { expected: prefix };
    let hex = text.strip_prefix(prefix).ok_or(error.clone())?;
    // one spelling per id: `Uuid::try_parse` alone would also take capitals, braces and hyphens
    let canonical = hex.len() == 32 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if !canonical {
        return Err(error);
    }
    Uuid::try_parse(hex).map_err(|_| error)
}

/// UUIDv5 of the parts. Every part is preceded by its length, so `["ab", "c"]` and `["a", "bc"]` differ.
fn derive(prefix: &str, parts: &[&str]) -> Uuid {
    let mut name = Vec::with_capacity(parts.iter().map(|part| part.len() + 8).sum());
    for part in parts {
        name.extend_from_slice(&(part.len() as u64).to_be_bytes());
        name.extend_from_slice(part.as_bytes());
    }
    Uuid::new_v5(&Uuid::new_v5(&ROOT, prefix.as_bytes()), &name)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)+) => {$(
        $(#[$doc])*
        #[doc = concat!("\n\nText: `", $prefix, "` and 32 lower-case hex digits.")]
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            /// What the text of such an id begins with.
            pub const PREFIX: &'static str = $prefix;

            /// A new id (UUIDv7: later ids sort after earlier ones).
            #[expect(clippy::disallowed_methods, reason = "this is the replacement that the lint names")]
            pub fn generate() -> Self {
                Self(Uuid::now_v7())
            }

            /// The id that belongs to these parts: same parts, same id, in every process and for ever.
            /// The boundaries between the parts count, and other id types give other ids.
            pub fn derive(parts: &[&str]) -> Self {
                Self(derive($prefix, parts))
            }

            /// The bare value, for binding to a `uuid` column.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(value: Uuid) -> Self {
                Self(value)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Uuid {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0.simple())
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self, Error> {
                parse($prefix, text).map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

ids! {
    /// A credit or ledger account (a retailer's limit account, a vendor's payable account, …).
    AccountId = "acc_";
    /// A hold: credit that is set aside for one order.
    HoldId = "hld_";
    /// One entry of the ledger.
    EntryId = "ent_";
    /// A payment.
    PaymentId = "pay_";
    /// An invoice.
    InvoiceId = "inv_";
    /// A vendor.
    VendorId = "ven_";
    /// A reservation: stock that is set aside for one order.
    ReservationId = "rsv_";
    /// An order.
    OrderId = "ord_";
    /// A quote: what an order would cost, shown before it is placed.
    QuoteId = "quo_";
    /// A message that came in.
    InboundId = "inb_";
    /// A conversation with one phone number.
    ConversationId = "cnv_";
    /// What people call a product.
    AliasId = "als_";
    /// A medium of a message that came in.
    MediaId = "med_";
    /// A message that goes out.
    NotificationId = "ntf_";
    /// A durable job.
    JobId = "job_";
    /// An API key (its name, not its secret).
    ApiKeyId = "key_";
}
