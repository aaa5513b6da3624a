//! The order service through real gRPC, against a real database and peers that the tests direct.

mod cancel;
mod chat_answers;
mod chat_buttons;
mod chat_cart;
mod chat_consent;
mod chat_learning;
mod chat_plain;
mod chat_sentences;
mod chat_shop;
mod chat_shortage;
mod chat_vendor;
mod chat_vendor_updates;
mod conversation;
mod conversations;
mod deliver;
mod intake;
mod lists;
mod moves;
mod offers;
mod operators;
mod place;
mod quote;
mod scope;
mod secure;
mod timeline;
mod world;
