//! What the peers do with a call when nothing else is scripted.

mod credit;
mod inventory;

use khaacho_fault::Fault;
use khaacho_proto::notification::v1 as notes;

pub(crate) use credit::{Accounts, Holds, Ledger};
pub(crate) use inventory::{Catalog, Quotes, Reservations, Vendors};

use super::books::Books;
use super::stage::peer;

peer!(Notifications, "khaacho.notification.v1.NotificationService", "Enqueue" => enqueue);

fn enqueue(books: &mut Books, asked: notes::EnqueueRequest) -> Result<notes::EnqueueResponse, Fault> {
    for notice in asked.notices {
        let known = books.notices.iter().find(|n| n.dedup_key == notice.dedup_key);
        match known {
            Some(known) => assert_eq!(*known, notice, "a key names one message"),
            None => books.notices.push(notice),
        }
    }
    Ok(notes::EnqueueResponse::default())
}
