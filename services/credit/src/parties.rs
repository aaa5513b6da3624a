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
    /// Of an id or a code one profile, of a phone or a user id all that it acts for.
    cache: Cache<Vec<Profile>>,
}

impl Parties {
    pub(crate) fn new(door: Door, redis: Redis) -> Self {
        let options = Options {
            namespace: "party",
            version: 3,
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
        let load = || async move {
            let found = get_account::profile(pool, account_id).await?;
            Ok(found.map(|profile| vec![profile]))
        };
        let found = self.cache.get_or_load(&id_key(account_id), load).await?;
        Ok(found.and_then(|profiles| profiles.into_iter().next()))
    }

    /// The account with this code.
    pub(crate) async fn by_code(&self, code: &str) -> Result<Option<Profile>, Fault> {
        let pool = self.door.db().pool();
        let load = || async move {
            let found = get_account::profile_by_code(pool, code).await?;
            Ok(found.map(|profile| vec![profile]))
        };
        let found = self.cache.get_or_load(&code_key(code), load).await?;
        Ok(found.and_then(|profiles| profiles.into_iter().next()))
    }

    /// The accounts that this E.164 phone acts for, the oldest first.
    pub(crate) async fn by_phone(&self, phone: &str) -> Result<Vec<Profile>, Fault> {
        let pool = self.door.db().pool();
        let load = || async move { Ok(some(find_party::by_phone(pool, phone).await?)) };
        let found = self.cache.get_or_load(&phone_key(phone), load).await?;
        Ok(found.unwrap_or_default())
    }

    /// The accounts that this business-scoped id acts for, the oldest first.
    pub(crate) async fn by_user(&self, user_id: &str) -> Result<Vec<Profile>, Fault> {
        let pool = self.door.db().pool();
        let load = || async move { Ok(some(find_party::by_user(pool, user_id).await?)) };
        let found = self.cache.get_or_load(&user_key(user_id), load).await?;
        Ok(found.unwrap_or_default())
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

/// Nobody is `None`, which the cache keeps for a shorter time.
fn some(profiles: Vec<Profile>) -> Option<Vec<Profile>> {
    (!profiles.is_empty()).then_some(profiles)
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
