use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;
use sqlx::Row as _;

use super::aliases::{self, Put};
use crate::domain::alias::{ALL_SHOPS, Happened, Source, id_of};
use crate::domain::learn_phrases::{LearnPhrases, Learned, Lesson, Seen, Taught};
use crate::domain::sku::Sku;

/// Each learned phrase in its place: $1 keys, $2 products, $3 the shop, $4 its aliases, $5 the message, $6 the aliases
/// of all shops.
const SEE: &str = "\
select exists (select from inventory.product p where p.sku = l.sku and p.active) as product_known,
    exists (select from inventory.alias_event e where e.alias_id = l.own and e.cause = $5) as taught,
    (select a.sku from inventory.alias a where a.active and a.account_id = $3 and a.key = l.key) as own,
    (select count(*)::int4 from inventory.alias a where a.active and a.key = l.key and a.sku = l.sku
        and a.source = 'answer' and a.account_id <> $3) as shops,
    coalesce((select max(r.shops)::int4 from (select count(*) as shops from inventory.alias a
        where a.active and a.key = l.key and a.sku <> l.sku and a.source = 'answer' and a.account_id <> $3 group by a.sku) r), 0)
        as rivals,
    exists (select from inventory.alias a where a.alias_id = l.everybodys) as promoted,
    (select a.sku from inventory.alias a where a.active and a.account_id = '' and a.key = l.key) as all_shops
from unnest($1::text[], $2::text[], $4::uuid[], $6::uuid[]) with ordinality as l (key, sku, own, everybodys, n)
order by l.n";

const MISSED: &str = "\
insert into inventory.unmatched_phrase (cause, key, phrase, account_id, lost_paisa, at)
select $1, u.key, u.phrase, $5, u.lost, $6 from unnest($2::text[], $3::text[], $4::bigint[]) as u (key, phrase, lost)
on conflict on constraint unmatched_phrase_pkey do nothing";

const OLD: &str = "delete from inventory.unmatched_phrase where at < $1";

impl Transact for LearnPhrases {
    type Reply = Taught;
    /// A message teaches the same thing once; see the events.
    const REMEMBERED: bool = false;

    async fn load(&self, tx: &mut Tx) -> Result<Vec<Seen>, Fault> {
        if self.learned.is_empty() {
            return Ok(Vec::new());
        }
        aliases::lock(tx).await?;
        let account = self.account_id.to_string();
        let each = |get: fn(&Learned) -> &str| self.learned.iter().map(get).collect::<Vec<_>>();
        let ids = |whose: &str| {
            let id = |l: &Learned| id_of(whose, &l.key, &l.sku).uuid();
            self.learned.iter().map(id).collect::<Vec<_>>()
        };
        let rows = sqlx::query(SEE)
            .bind(each(|l| &l.key))
            .bind(each(|l| l.sku.as_str()))
            .bind(&account)
            .bind(ids(&account))
            .bind(&self.cause)
            .bind(ids(ALL_SHOPS))
            .fetch_all(tx.conn())
            .await?;
        let seen = rows.iter().map(|row| Seen {
            product_known: row.get("product_known"),
            taught: row.get("taught"),
            own: row.get::<Option<String>, _>("own").map(Sku::stored),
            shops: row.get::<i32, _>("shops").unsigned_abs(),
            rivals: row.get::<i32, _>("rivals").unsigned_abs(),
            promoted: row.get("promoted"),
            all: row.get::<Option<String>, _>("all_shops").map(Sku::stored),
        });
        Ok(seen.collect())
    }

    async fn save(&self, lessons: Vec<Lesson>, tx: &mut Tx) -> Result<Taught, Fault> {
        let mut taught = Taught::default();
        for lesson in &lessons {
            let Some(learned) = self.learned.get(lesson.at) else {
                continue;
            };
            taught.promoted += u32::from(self.learn(tx, learned, lesson).await?);
            taught.learned += 1;
        }
        self.miss(tx).await?;
        Ok(taught)
    }
}

impl LearnPhrases {
    /// Whether it holds for all shops from now on.
    async fn learn(&self, tx: &mut Tx, learned: &Learned, lesson: &Lesson) -> Result<bool, Fault> {
        let cause = &self.cause;
        if let Some(before) = lesson.replaces {
            aliases::close(tx, before, Happened::Replaced, "", cause).await?;
        }
        let put = |id, account_id, source, confirmations| Put {
            id,
            account_id,
            key: &learned.key,
            phrase: &learned.phrase,
            sku: &learned.sku,
            source,
            confirmations,
        };
        let account = self.account_id.to_string();
        let own = put(lesson.id, &account, Source::Answer, 1);
        let kind = if lesson.again {
            Happened::Confirmed
        } else {
            Happened::Learned
        };
        aliases::put(tx, &own, kind, cause).await?;
        let Some((id, shops)) = lesson.promotes else {
            return Ok(false);
        };
        let all = put(id, ALL_SHOPS, Source::Promotion, shops);
        aliases::put(tx, &all, Happened::Promoted, cause).await?;
        Ok(true)
    }

    async fn miss(&self, tx: &mut Tx) -> Result<(), Fault> {
        if self.unmatched.is_empty() {
            return Ok(());
        }
        let now = tx.now();
        let missed = &self.unmatched;
        sqlx::query(MISSED)
            .bind(&self.cause)
            .bind(missed.iter().map(|u| u.key.as_str()).collect::<Vec<_>>())
            .bind(missed.iter().map(|u| u.phrase.as_str()).collect::<Vec<_>>())
            .bind(missed.iter().map(|u| u.lost_paisa).collect::<Vec<_>>())
            .bind(self.account_id.to_string())
            .bind(now)
            .execute(tx.conn())
            .await?;
        let kept = chrono::Duration::days(super::unmatched_phrases::DAYS_KEPT);
        sqlx::query(OLD).bind(now - kept).execute(tx.conn()).await?;
        Ok(())
    }
}
