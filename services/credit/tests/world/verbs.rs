//! What the tests do with a world.

use std::time::Duration;

use khaacho_fault::Fault;
use khaacho_proto::credit::v1 as pb;

use super::laws::LAWS;
use super::{World, answer, by_finance, by_order, order, stamp, start, vendor};

/// Verbs of the tests.
impl World {
    /// Opens an account with this limit.
    pub(crate) async fn shop(&self, limit_paisa: i64) -> pb::Account {
        let request = self.new_shop(limit_paisa);
        let opened = answer(self.accounts().open_account(by_finance(request)).await).expect("opened");
        opened.account.expect("an account")
    }

    pub(crate) fn new_shop(&self, limit_paisa: i64) -> pb::OpenAccountRequest {
        pb::OpenAccountRequest {
            request_id: self.request_id(),
            shop_name: "Khadka Kirana Pasal".to_owned(),
            owner_name: "Dil Bahadur Khadka".to_owned(),
            phones: vec![format!("98412{:05}", self.number())],
            limit_paisa,
            terms_days: 21,
            ..pb::OpenAccountRequest::default()
        }
    }

    pub(crate) async fn place(
        &self,
        shop: &pb::Account,
        name: &str,
        paisa: i64,
    ) -> Result<pb::PlaceHoldResponse, Fault> {
        let body = pb::PlaceHoldRequest {
            order_id: order(name),
            account_id: shop.account_id.clone(),
            amount_paisa: paisa,
        };
        answer(self.holds().place_hold(by_order(body)).await)
    }

    pub(crate) async fn release(
        &self,
        shop: &pb::Account,
        name: &str,
    ) -> Result<pb::ReleaseHoldResponse, Fault> {
        let body = pb::ReleaseHoldRequest {
            order_id: order(name),
            account_id: shop.account_id.clone(),
            reason: "CANCELLED".to_owned(),
        };
        answer(self.holds().release_hold(by_order(body)).await)
    }

    /// Posts an order without VAT, of which the vendor gets nine tenths.
    pub(crate) async fn post(&self, name: &str, paisa: i64) -> Result<pb::PostHoldResponse, Fault> {
        self.post_as(delivery(name, paisa)).await
    }

    pub(crate) async fn post_as(&self, body: pb::PostHoldRequest) -> Result<pb::PostHoldResponse, Fault> {
        answer(self.holds().post_hold(by_order(body)).await)
    }

    /// Holds and posts.
    pub(crate) async fn deliver(&self, shop: &pb::Account, name: &str, paisa: i64) -> pb::PostHoldResponse {
        self.place(shop, name, paisa).await.expect("held");
        self.post(name, paisa).await.expect("posted")
    }

    /// Pays in cash.
    pub(crate) async fn pay(&self, shop: &pb::Account, paisa: i64) -> pb::RecordPaymentResponse {
        let body = pb::RecordPaymentRequest {
            request_id: self.request_id(),
            account_id: shop.account_id.clone(),
            amount_paisa: paisa,
            method: pb::PaymentMethod::Cash.into(),
            ..pb::RecordPaymentRequest::default()
        };
        answer(self.payments().record_payment(by_finance(body)).await).expect("recorded")
    }

    pub(crate) async fn set_limit(&self, shop: &pb::Account, limit_paisa: i64) -> pb::Account {
        let body = pb::SetLimitRequest {
            request_id: self.request_id(),
            account: shop.account_id.clone(),
            limit_paisa,
            reason: "a test".to_owned(),
        };
        let set = answer(self.accounts().set_limit(by_finance(body)).await).expect("set");
        set.account.expect("an account")
    }

    pub(crate) async fn balance(&self, shop: &pb::Account) -> pb::Balance {
        let body = pb::GetBalanceRequest {
            account: shop.account_id.clone(),
        };
        answer(self.ledger().get_balance(by_finance(body)).await)
            .expect("read")
            .balance
            .expect("a balance")
    }

    /// One number of the database.
    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql)
            .fetch_one(self.db.pool())
            .await
            .expect("a number")
    }

    /// Every invariant of the books, read from the tables.
    pub(crate) async fn assert_books(&self) {
        for (law, sql) in LAWS {
            assert_eq!(self.count(sql).await, 0, "broken: {law}");
        }
    }

    /// Waits for something that another task does.
    pub(crate) async fn eventually(&self, what: &str, holds: impl AsyncFn() -> bool) {
        let patience = tokio::time::timeout(Duration::from_secs(10), async {
            while !holds().await {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        });
        assert!(patience.await.is_ok(), "never happened: {what}");
    }
}

pub(crate) fn delivery(name: &str, paisa: i64) -> pb::PostHoldRequest {
    pb::PostHoldRequest {
        order_id: order(name),
        order_number: "ORD2611000429".to_owned(),
        amount_paisa: paisa,
        vat_paisa: 0,
        vendor_id: vendor(),
        vendor_paisa: paisa / 10 * 9,
        delivered_at: stamp(start()),
    }
}
