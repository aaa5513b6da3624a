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

impl Peers {
    /// What a shop means by each of the phrases: keys of products, where anybody has said.
    pub async fn aliases(
        &self,
        ctx: &Ctx,
        account_id: &str,
        phrases: &[&str],
    ) -> Result<Vec<Option<String>>, Fault> {
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
        let sku = |alias: inventory::FoundAlias| Some(alias.sku).filter(|sku| !sku.is_empty());
        let mut skus: Vec<Option<String>> = found.aliases.into_iter().map(sku).collect();
        skus.resize(phrases.len(), None);
        Ok(skus)
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

    /// A shop takes back what it means by a phrase: the name of the product that it meant, if it had said so.
    pub async fn forget(&self, ctx: &Ctx, account_id: &str, phrase: &str) -> Result<Option<String>, Fault> {
        let asked = inventory::ForgetAliasRequest {
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
