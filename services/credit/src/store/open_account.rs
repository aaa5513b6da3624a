use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;

use super::account::audited;
use super::{ACCOUNT_CODE_KEY, ACCOUNT_PHONE_KEY, ACCOUNT_PHONE_SEATS, Origin, queue_up, refuse_on};
use crate::domain::open_account::{OpenAccount, Seen, number_of};
use crate::domain::{Account, Refusal, Standing};

const INSERT: &str = include_str!("sql/open_account.sql");
const DRAW: &str = "select nextval('credit.account_code')";
/// Moves the sequence past a given number. By `nextval` alone, so that two of these at once cannot move it back.
const PASS: &str = "select count(nextval('credit.account_code'))
    from credit.account_code c, generate_series(1, $1 - case when c.is_called then c.last_value else 0 end)";

impl Transact for OpenAccount {
    type Reply = Account;

    async fn load(&self, tx: &mut Tx) -> Result<Seen, Fault> {
        // So that two who open an account for the same phone at once count its seats one after the other.
        let phones: Vec<_> = self.phones.iter().map(|p| p.as_str().to_owned()).collect();
        queue_up(tx, "phone:", &phones).await?;
        let number = match &self.code {
            Some(_) => None,
            None => Some(sqlx::query_scalar(DRAW).fetch_one(tx.conn()).await?),
        };
        Ok(Seen { number })
    }

    async fn save(&self, account: Account, tx: &mut Tx) -> Result<Account, Fault> {
        let (origin, actor) = (Origin::of(tx), tx.ctx().principal().subject.clone());
        let profile = &account.profile;
        let after = Standing {
            balance: account.balance,
            state: profile.state.clone(),
        };
        let written = sqlx::query(INSERT)
            .bind(profile.account_id.uuid())
            .bind(&profile.code)
            .bind(&profile.shop_name)
            .bind(&profile.owner_name)
            .bind(profile.language.unwrap_or_default().as_str())
            .bind(&profile.municipality)
            .bind(i32::try_from(profile.ward).unwrap_or(i32::MAX))
            .bind(profile.latitude)
            .bind(profile.longitude)
            .bind(i32::try_from(profile.terms_days).unwrap_or(i32::MAX))
            .bind(account.balance.limit.paisa())
            .bind(profile.opened_at)
            .bind(&profile.phones)
            .bind(actor)
            .bind(audited(&after))
            .bind(origin.cause)
            .bind(origin.trace)
            .bind(self.shared_phone)
            .bind(profile.language.is_some())
            .execute(tx.conn())
            .await;
        let known = [
            (ACCOUNT_CODE_KEY, Refusal::AccountExists { field: "code" }),
            (ACCOUNT_PHONE_KEY, Refusal::AccountExists { field: "phones" }),
            (ACCOUNT_PHONE_SEATS, Refusal::PhoneFull),
        ];
        written.map_err(|error| refuse_on(error, &known))?;
        if let Some(number) = self.code.as_deref().and_then(number_of) {
            sqlx::query(PASS).bind(number).execute(tx.conn()).await?;
        }
        Ok(account)
    }
}
