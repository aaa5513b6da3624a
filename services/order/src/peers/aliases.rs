use khaacho_fault::Fault;
use khaacho_proto::inventory::v1 as inventory;
use khaacho_proto::inventory::v1::catalog_service_client::CatalogServiceClient;
use khaacho_proto::inventory::v1::quote_service_client::QuoteServiceClient;
use khaacho_rpc::Ctx;

use super::Peers;
use super::catalogue::goods;
use crate::domain::basket::Goods;
use crate::domain::lessons::Lessons;

/// Most phrases of one question to the catalogue.
const PHRASES_MAX: usize = 50;

/// What a phrase means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// Product.
    pub sku: String,
    /// The shop has said so itself; else enough others have.
    pub own: bool,
}

impl Peers {
    /// What a shop means by each of the phrases, where it or enough others have said.
    pub async fn aliases(
        &self,
        ctx: &Ctx,
        account_id: &str,
        phrases: &[&str],
    ) -> Result<Vec<Option<Alias>>, Fault> {
        let asked = inventory::FindAliasesRequest {
            account_id: account_id.to_owned(),
            phrases: phrases
                .iter()
                .take(PHRASES_MAX)
                .map(|phrase| (*phrase).to_owned())
                .collect(),
        };
        let found = CatalogServiceClient::new(self.inventory.clone())
            .find_aliases(ctx.outgoing(asked))
            .await?
            .into_inner();
        let alias = |found: inventory::FoundAlias| Alias {
            sku: found.sku,
            own: found.own,
        };
        let said = |found: inventory::FoundAlias| Some(alias(found)).filter(|alias| !alias.sku.is_empty());
        let mut aliases: Vec<Option<Alias>> = found.aliases.into_iter().map(said).collect();
        aliases.resize(phrases.len(), None);
        Ok(aliases)
    }

    /// Tells the catalogue what there is to learn from a message.
    pub async fn teach(&self, ctx: &Ctx, inbound_id: &str, lessons: &Lessons) -> Result<(), Fault> {
        let learned = lessons.learned.iter();
        let learned = learned.map(|(phrase, sku)| inventory::LearnedPhrase {
            phrase: phrase.clone(),
            sku: sku.clone(),
        });
        let unmatched = lessons.unmatched.iter();
        let unmatched = unmatched.map(|u| inventory::UnmatchedPhrase {
            phrase: u.phrase.clone(),
            quantity_milli: u.milli,
            unit: u.unit.clone(),
        });
        let asked = inventory::LearnPhrasesRequest {
            account_id: lessons.account_id.clone(),
            learned: learned.collect(),
            unmatched: unmatched.collect(),
            cause_id: inbound_id.to_owned(),
        };
        CatalogServiceClient::new(self.inventory.clone())
            .learn_phrases(ctx.outgoing(asked))
            .await?;
        Ok(())
    }

    /// From now on a shop is asked again what it means by a phrase: the name of the product that it meant, if anybody had
    /// said. The same message asks for it once.
    pub async fn forget(
        &self,
        ctx: &Ctx,
        inbound_id: &str,
        account_id: &str,
        phrase: &str,
    ) -> Result<Option<String>, Fault> {
        let asked = inventory::ForgetAliasRequest {
            request_id: inbound_id.to_owned(),
            account_id: account_id.to_owned(),
            phrase: phrase.to_owned(),
        };
        let found = CatalogServiceClient::new(self.inventory.clone())
            .forget_alias(ctx.outgoing(asked))
            .await?
            .into_inner();
        Ok((!found.sku.is_empty()).then_some(found.name))
    }

    /// What can stand in for a product of which too little is there, each with as much of it as is wanted, thousandths
    /// of its sale unit; 0 where that is no whole number.
    pub async fn alternatives(&self, ctx: &Ctx, sku: &str, milli: i64) -> Result<Vec<(Goods, i64)>, Fault> {
        let asked = inventory::FindAlternativesRequest {
            sku: sku.to_owned(),
            quantity_milli: milli,
            limit: 0,
        };
        let found = QuoteServiceClient::new(self.inventory.clone())
            .find_alternatives(ctx.outgoing(asked))
            .await?
            .into_inner();
        let one = |a: inventory::Alternative| Some((goods(&a.product?), a.quantity_milli));
        Ok(found.alternatives.into_iter().filter_map(one).collect())
    }
}
