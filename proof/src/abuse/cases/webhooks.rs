//! B5: webhooks that prove nothing, and proven ones that come again or make no sense.

use super::{meta, twilio};
use crate::abuse::case::{Case, Class, Maker};

/// All cases of B5.
pub fn cases() -> Vec<Case> {
    let mut make = Maker::new(Class::B5);
    meta::forged(&mut make);
    meta::handshakes(&mut make);
    meta::repeated(&mut make);
    meta::weird(&mut make);
    twilio::forged(&mut make);
    twilio::proven(&mut make);
    twilio::repeated(&mut make);
    make.done()
}
