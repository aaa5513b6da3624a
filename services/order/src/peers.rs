//! Calls to the other services, in this service's own words. Never inside a transaction.

mod aliases;
mod catalogue;
mod consent;
mod language;
mod ledger;
mod media;
mod offers;
mod quote;
mod told;

use khaacho_fault::{Fault, Kind};
use khaacho_proto::common::v1::{Address, Provider};
use khaacho_proto::credit::v1 as credit;
use khaacho_proto::credit::v1::account_service_client::AccountServiceClient;
use khaacho_proto::credit::v1::hold_service_client::HoldServiceClient;
use khaacho_proto::credit::v1::ledger_service_client::LedgerServiceClient;
use khaacho_proto::inventory::v1 as inventory;
use khaacho_proto::inventory::v1::reservation_service_client::ReservationServiceClient;
use khaacho_proto::inventory::v1::vendor_service_client::VendorServiceClient;
use khaacho_proto::notification::v1 as notification;
use khaacho_proto::notification::v1::notification_service_client::NotificationServiceClient;
use khaacho_rpc::{Ctx, MeshChannel, Peers as Channels};

use crate::domain::{Buyer, Contact, Line, Notice, Vendor};

pub use catalogue::Reading;
pub use ledger::Entry;

/// Clients of the services that orders need.
#[derive(Clone)]
pub struct Peers {
    credit: MeshChannel,
    inventory: MeshChannel,
    notification: MeshChannel,
}

/// Who a message is from.
#[derive(Debug, Clone, PartialEq)]
pub enum Party {
    /// A shop.
    Shop(Box<Buyer>, Blocked),
    /// One of several shops that the sender acts for, the oldest first.
    Shops(Vec<(Buyer, Blocked)>),
    /// A wholesaler.
    Vendor(Vendor),
    /// Nobody that we know.
    Unknown,
}

/// Why an account may not order; `None` when it may.
pub type Blocked = Option<String>;

impl Peers {
    /// Clients over the mesh's channels.
    pub fn new(channels: &Channels) -> Self {
        Self {
            credit: channels.channel("credit"),
            inventory: channels.channel("inventory"),
            notification: channels.channel("notification"),
        }
    }

    /// Finds out who writes: an account first, then a vendor.
    pub async fn party(&self, ctx: &Ctx, contact: &Contact) -> Result<Party, Fault> {
        let asked = credit::FindPartyRequest {
            phone: contact.phone.clone(),
            user_id: contact.user_id.clone(),
        };
        let found = AccountServiceClient::new(self.credit.clone())
            .find_party(ctx.outgoing(asked))
            .await;
        let found = nobody_if_invalid(found)?;
        let mut shops = shops(found, contact);
        if shops.len() > 1 {
            return Ok(Party::Shops(shops));
        }
        if let Some((buyer, blocked)) = shops.pop() {
            return Ok(Party::Shop(Box::new(buyer), blocked));
        }
        if contact.phone.is_empty() {
            return Ok(Party::Unknown);
        }
        let asked = inventory::FindVendorRequest {
            phone: contact.phone.clone(),
        };
        let found = VendorServiceClient::new(self.inventory.clone())
            .find_vendor(ctx.outgoing(asked))
            .await;
        let found = nobody_if_invalid(found)?;
        Ok(found
            .vendor
            .filter(|_| found.found)
            .map_or(Party::Unknown, |v| Party::Vendor(vendor(v))))
    }

    /// Reads an account by id or code.
    pub async fn account(&self, ctx: &Ctx, account: &str) -> Result<(Buyer, Blocked), Fault> {
        let asked = credit::GetAccountRequest {
            account: account.to_owned(),
        };
        let found = AccountServiceClient::new(self.credit.clone())
            .get_account(ctx.outgoing(asked))
            .await?
            .into_inner();
        let account = found
            .account
            .ok_or_else(|| Fault::bug("an account reply without an account"))?;
        let blocked = blocked(&account);
        Ok((buyer(account), blocked))
    }

    /// Reads a vendor by id or code.
    pub async fn vendor(&self, ctx: &Ctx, vendor_id: &str) -> Result<Vendor, Fault> {
        let asked = inventory::GetVendorRequest {
            vendor: vendor_id.to_owned(),
        };
        let found = VendorServiceClient::new(self.inventory.clone())
            .get_vendor(ctx.outgoing(asked))
            .await?
            .into_inner();
        found
            .vendor
            .map(vendor)
            .ok_or_else(|| Fault::bug("a vendor reply without a vendor"))
    }

    /// Reads limit, debt and holds of an account.
    pub async fn balance(&self, ctx: &Ctx, account_id: &str) -> Result<credit::Balance, Fault> {
        let asked = credit::GetBalanceRequest {
            account: account_id.to_owned(),
        };
        let found = LedgerServiceClient::new(self.credit.clone())
            .get_balance(ctx.outgoing(asked))
            .await?
            .into_inner();
        found
            .balance
            .ok_or_else(|| Fault::bug("a balance reply without a balance"))
    }

    /// Holds credit; the amount of credit left after it, in paisa.
    pub async fn place_hold(
        &self,
        ctx: &Ctx,
        order_id: &str,
        account_id: &str,
        amount: i64,
    ) -> Result<i64, Fault> {
        let asked = credit::PlaceHoldRequest {
            order_id: order_id.to_owned(),
            account_id: account_id.to_owned(),
            amount_paisa: amount,
        };
        let placed = HoldServiceClient::new(self.credit.clone())
            .place_hold(ctx.outgoing(asked))
            .await?
            .into_inner();
        Ok(placed.balance.map_or(0, |b| b.available_paisa))
    }

    /// Turns a hold into a debt.
    pub async fn post_hold(
        &self,
        ctx: &Ctx,
        request: credit::PostHoldRequest,
    ) -> Result<credit::PostHoldResponse, Fault> {
        Ok(HoldServiceClient::new(self.credit.clone())
            .post_hold(ctx.outgoing(request))
            .await?
            .into_inner())
    }

    /// Gives a hold back.
    pub async fn release_hold(
        &self,
        ctx: &Ctx,
        order_id: &str,
        account_id: &str,
        reason: &str,
    ) -> Result<(), Fault> {
        let asked = credit::ReleaseHoldRequest {
            order_id: order_id.to_owned(),
            account_id: account_id.to_owned(),
            reason: reason.to_owned(),
        };
        HoldServiceClient::new(self.credit.clone())
            .release_hold(ctx.outgoing(asked))
            .await?;
        Ok(())
    }

    /// Reserves all lines at a vendor.
    pub async fn reserve(
        &self,
        ctx: &Ctx,
        order_id: &str,
        attempt: i32,
        vendor_id: &str,
        lines: &[Line],
        replaces: i32,
    ) -> Result<(), Fault> {
        let asked = inventory::ReserveRequest {
            order_id: order_id.to_owned(),
            attempt: attempt.unsigned_abs(),
            vendor_id: vendor_id.to_owned(),
            lines: lines
                .iter()
                .map(|l| inventory::ReservedLine {
                    sku: l.sku.clone(),
                    quantity_milli: l.quantity_milli,
                })
                .collect(),
            replaces_attempt: replaces.unsigned_abs(),
        };
        ReservationServiceClient::new(self.inventory.clone())
            .reserve(ctx.outgoing(asked))
            .await?;
        Ok(())
    }

    /// Takes a reservation out of the stock.
    pub async fn consume(&self, ctx: &Ctx, order_id: &str, attempt: i32) -> Result<(), Fault> {
        let asked = inventory::ConsumeRequest {
            order_id: order_id.to_owned(),
            attempt: attempt.unsigned_abs(),
        };
        ReservationServiceClient::new(self.inventory.clone())
            .consume(ctx.outgoing(asked))
            .await?;
        Ok(())
    }

    /// Gives a reservation back, or makes sure that it never comes into being.
    pub async fn release(&self, ctx: &Ctx, order_id: &str, attempt: i32, reason: &str) -> Result<(), Fault> {
        let asked = inventory::ReleaseRequest {
            order_id: order_id.to_owned(),
            attempt: attempt.unsigned_abs(),
            vendor_id: String::new(),
            reason: reason.to_owned(),
        };
        ReservationServiceClient::new(self.inventory.clone())
            .release(ctx.outgoing(asked))
            .await?;
        Ok(())
    }

    /// Hands messages over to the notification service.
    pub async fn enqueue(&self, ctx: &Ctx, notices: &[Notice]) -> Result<(), Fault> {
        let notices = notices
            .iter()
            .map(|n| notification::Notice {
                dedup_key: n.dedup_key.clone(),
                recipient: Some(address(&n.to)),
                template: n.template.clone(),
                data_json: n.data.to_string(),
                language: n.language,
                order_id: n.order_id.clone(),
            })
            .collect();
        let asked = notification::EnqueueRequest { notices };
        NotificationServiceClient::new(self.notification.clone())
            .enqueue(ctx.outgoing(asked))
            .await?;
        Ok(())
    }

    /// Rows of an order at the other services: (service, time, kind, summary, id, cause, trace), and who did not answer.
    /// Messages to people are also those that one of `cause_ids` caused and that belong to no order.
    pub async fn stories(
        &self,
        ctx: &Ctx,
        order_id: &str,
        cause_ids: Vec<String>,
    ) -> (Vec<Story>, Vec<String>) {
        let order_id = order_id.to_owned();
        let mut ledger = LedgerServiceClient::new(self.credit.clone());
        let mut stock = ReservationServiceClient::new(self.inventory.clone());
        let mut notices = NotificationServiceClient::new(self.notification.clone());
        let (ledger, stock, notices) = tokio::join!(
            ledger.explain_credit(ctx.outgoing(credit::ExplainCreditRequest {
                order_id: order_id.clone()
            })),
            stock.explain_stock(ctx.outgoing(inventory::ExplainStockRequest {
                order_id: order_id.clone()
            })),
            notices.explain_notifications(ctx.outgoing(notification::ExplainNotificationsRequest {
                order_id: order_id.clone(),
                cause_ids,
            })),
        );
        let (mut rows, mut missing) = (Vec::new(), Vec::new());
        macro_rules! take {
            ($name:literal, $answer:expr) => {
                match $answer {
                    Ok(found) => rows.extend(found.into_inner().events.into_iter().map(|e| Story {
                        service: $name,
                        at: e.at,
                        kind: e.kind,
                        summary: e.summary,
                        id: e.id,
                        cause: e.cause_id,
                        trace_id: e.trace_id,
                    })),
                    Err(_) => missing.push($name.to_owned()),
                }
            };
        }
        take!("credit", ledger);
        take!("inventory", stock);
        take!("notification", notices);
        (rows, missing)
    }
}

/// One row of an order's story at another service.
pub struct Story {
    /// Service.
    pub service: &'static str,
    /// When.
    pub at: Option<prost_types::Timestamp>,
    /// Kind.
    pub kind: String,
    /// One line for people.
    pub summary: String,
    /// Id of the row.
    pub id: String,
    /// What caused it.
    pub cause: String,
    /// Trace id.
    pub trace_id: String,
}

/// A phone or an id that cannot be one belongs to nobody: its message is answered like a stranger's.
fn nobody_if_invalid<T: Default>(found: Result<tonic::Response<T>, tonic::Status>) -> Result<T, Fault> {
    match found.map_err(Fault::from) {
        Ok(found) => Ok(found.into_inner()),
        Err(fault) if fault.kind() == Kind::Invalid => Ok(T::default()),
        Err(fault) => Err(fault),
    }
}

/// The shops that were found, reached where the message came from.
fn shops(found: credit::FindPartyResponse, contact: &Contact) -> Vec<(Buyer, Blocked)> {
    let mut accounts = found.accounts;
    if accounts.is_empty() {
        // A credit service of before names only one.
        accounts.extend(found.account.filter(|_| found.found));
    }
    let one_of_several = accounts.len() > 1;
    let shop = |account: credit::Account| {
        let blocked = blocked(&account);
        let buyer = Buyer {
            contact: contact.clone(),
            one_of_several,
            ..buyer(account)
        };
        (buyer, blocked)
    };
    accounts.into_iter().map(shop).collect()
}

fn blocked(account: &credit::Account) -> Blocked {
    (account.state() == credit::AccountState::Blocked).then(|| account.block_reason.clone())
}

fn buyer(account: credit::Account) -> Buyer {
    let phone = account.phones.first().cloned().unwrap_or_default();
    Buyer {
        account_id: account.account_id,
        shop_name: account.shop_name,
        contact: Contact {
            phone,
            ..Contact::default()
        },
        language: account.language,
        municipality: account.municipality,
        latitude: account.latitude,
        longitude: account.longitude,
        one_of_several: false,
    }
}

fn vendor(v: inventory::Vendor) -> Vendor {
    Vendor {
        vendor_id: v.vendor_id,
        name: v.name,
        phone: v.phone,
        language: v.language,
        municipality: v.municipality,
        latitude: v.latitude,
        longitude: v.longitude,
    }
}

/// A contact as the contracts write it.
pub fn address(contact: &Contact) -> Address {
    Address {
        provider: Provider::try_from(contact.provider).unwrap_or_default().into(),
        account: contact.account.clone(),
        address: contact.address.clone(),
        phone: contact.phone.clone(),
        user_id: contact.user_id.clone(),
    }
}
