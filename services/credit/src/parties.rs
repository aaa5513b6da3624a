//! Who is who: profiles of accounts, looked up in memory, then Redis, then the database.
//!
//! Only what changes seldom is cached. Limits, debts and holds are always read from the database, and whether an
//! account may order is decided there too, so a stale profile can cost a wrong greeting and nothing else.

use std::time::Duration;

use khaacho_cache::{Cache, Options, Redis};
use khaacho_durable::Door;
use khaacho_fault::Fault;
use khaacho_ids::AccountId;

use crate::domain::Profile;
use crate::store::{find_party, get_account};

/// All demo towns together have a few thousand shops; each has about four keys.
const ENTRIES_MAX: u64 = 20_000;

/// Cached look-ups of profiles.
#[derive(Clone)]
pub(crate) struct Parties {
    door: Door,
    cache: Cache<Profile>,
}

impl Parties {
    pub(crate) fn new(door: Door, redis: Redis) -> Self {
        let options = Options {
            namespace: "party",
            version: 1,
            entries_max: ENTRIES_MAX,
            ttl: Duration::from_secs(30),
            redis_ttl: Duration::from_secs(300),
            negative_ttl: Duration::from_secs(5),
        };
        Self {
            door,
            cache: Cache::new(options, redis),
        }
    }

    /// The account with this id.
    pub(crate) async fn by_id(&self, account_id: AccountId) -> Result<Option<Profile>, Fault> {
        let pool = self.door.db().pool();
        self.cache
            .get_or_load(&id_key(account_id), || get_account::profile(pool, account_id))
            .await
    }

    /// The account with this code.
    pub(crate) async fn by_code(&self, code: &str) -> Result<Option<Profile>, Fault> {
        let pool = self.door.db().pool();
        self.cache
            .get_or_load(&code_key(code), || get_account::profile_by_code(pool, code))
            .await
    }

    /// The account that this E.164 phone acts for.
    pub(crate) async fn by_phone(&self, phone: &str) -> Result<Option<Profile>, Fault> {
        let pool = self.door.db().pool();
        self.cache
            .get_or_load(&phone_key(phone), || find_party::by_phone(pool, phone))
            .await
    }

    /// The account that this business-scoped id acts for.
    pub(crate) async fn by_user(&self, user_id: &str) -> Result<Option<Profile>, Fault> {
        let pool = self.door.db().pool();
        self.cache
            .get_or_load(&user_key(user_id), || find_party::by_user(pool, user_id))
            .await
    }

    /// Forgets everything about an account, after a change of it was committed.
    pub(crate) async fn forget(&self, profile: &Profile) {
        self.cache.invalidate(&id_key(profile.account_id)).await;
        self.cache.invalidate(&code_key(&profile.code)).await;
        for phone in &profile.phones {
            self.cache.invalidate(&phone_key(phone)).await;
        }
        for user_id in &profile.user_ids {
            self.cache.invalidate(&user_key(user_id)).await;
        }
    }
}

fn id_key(account_id: AccountId) -> String {
    format!("id:{account_id}")
}

fn code_key(code: &str) -> String {
    format!("code:{code}")
}

fn phone_key(phone: &str) -> String {
    format!("phone:{phone}")
}

fn user_key(user_id: &str) -> String {
    format!("user:{user_id}")
}
