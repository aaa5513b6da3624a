use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;

use super::account;
use crate::domain::block_account::BlockAccount;
use crate::domain::set_limit::Changed;
use crate::domain::{Account, Standing};

impl Transact for BlockAccount {
    type Reply = Account;

    async fn load(&self, tx: &mut Tx) -> Result<Option<Standing>, Fault> {
        account::lock(tx, self.account_id).await
    }

    async fn save(&self, changed: Changed, tx: &mut Tx) -> Result<Account, Fault> {
        account::change_account(tx, "blocked", self.account_id, &changed).await
    }
}
