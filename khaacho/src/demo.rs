//! The demonstration: 282 products, 12 vendors, 1,452 offers, 40 shops of Surkhet, all made up.

use anyhow::Context as _;
use khaacho_durable::Door;
use khaacho_fault::{Fault, Kind};
use khaacho_proto::common::v1::Language;
use khaacho_proto::credit::v1::OpenAccountRequest;
use khaacho_proto::credit::v1::account_service_client::AccountServiceClient;
use khaacho_rpc::{Ctx, Deadline, Peers, Principal, Role, Trace};
use serde::Deserialize;

const CATALOGUE: &str = include_str!("../../services/inventory/fixtures/catalogue.csv");
const VENDORS: &str = include_str!("../../services/inventory/fixtures/vendors.csv");
const OFFERS: &str = include_str!("../../services/inventory/fixtures/offers.csv");
const RETAILERS: &str = include_str!("../fixtures/retailers.csv");

/// A shop of the demonstration.
#[derive(Debug, Clone, Deserialize)]
pub struct Retailer {
    /// Code.
    pub code: String,
    /// Shop's name.
    pub shop_name: String,
    /// Owner's name.
    pub owner_name: String,
    /// E.164 phone.
    pub phone: String,
    municipality: String,
    ward: u32,
    lat: f64,
    lon: f64,
    language: String,
    /// Credit limit, in paisa.
    pub credit_limit_paisa: i64,
    terms_days: u32,
}

/// The shops.
pub fn retailers() -> anyhow::Result<Vec<Retailer>> {
    let mut reader = csv::Reader::from_reader(RETAILERS.as_bytes());
    reader
        .deserialize()
        .collect::<Result<_, _>>()
        .context("the shops of the demonstration")
}

/// Phone of a shop with credit, for the first chat.
pub fn first_phone() -> anyhow::Result<String> {
    let shops = retailers()?;
    let rich = shops
        .iter()
        .filter(|s| s.language == "en")
        .max_by_key(|s| s.credit_limit_paisa);
    Ok(rich.context("no shop reads English")?.phone.clone())
}

/// Loads the demonstration. What is there already stays as it is.
pub async fn load(inventory: &Door, peers: &Peers) -> anyhow::Result<()> {
    let budget = std::time::Duration::from_secs(60);
    let operator = Principal {
        subject: "demo".to_owned(),
        role: Role::Operations,
        scope: None,
    };
    let ctx = Ctx::new(
        "gateway",
        operator,
        Deadline::after(budget),
        Trace::new_root(),
        "demo",
    );
    let loading = ctx.clone().requested("demo")?;
    khaacho_inventory::load_demo(inventory, &loading, CATALOGUE, VENDORS, OFFERS).await?;
    let client = AccountServiceClient::new(peers.channel("credit"));
    let opened = retailers()?
        .into_iter()
        .map(|shop| open(client.clone(), ctx.clone(), shop));
    for result in futures_util::future::join_all(opened).await {
        result?;
    }
    Ok(())
}

async fn open(
    mut client: AccountServiceClient<khaacho_rpc::MeshChannel>,
    ctx: Ctx,
    shop: Retailer,
) -> Result<(), Fault> {
    let language = match shop.language.as_str() {
        "ne" => Language::Ne,
        "ne-Latn" => Language::NeLatn,
        "hi" => Language::Hi,
        _ => Language::En,
    };
    let request = OpenAccountRequest {
        request_id: format!("demo-{}", shop.code),
        code: shop.code,
        shop_name: shop.shop_name,
        owner_name: shop.owner_name,
        phones: vec![shop.phone],
        language: language.into(),
        municipality: shop.municipality,
        ward: shop.ward,
        latitude: shop.lat,
        longitude: shop.lon,
        limit_paisa: shop.credit_limit_paisa,
        terms_days: shop.terms_days,
        default_terms: false,
        shared_phone: false,
    };
    match client
        .open_account(ctx.outgoing(request))
        .await
        .map_err(Fault::from)
    {
        Ok(_) => Ok(()),
        // Opened by an earlier start, longer ago than request ids are remembered.
        Err(fault) if fault.kind() == Kind::Refused => Ok(()),
        Err(fault) => Err(fault),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_demonstration_is_complete() {
        let shops = super::retailers().expect("readable");
        assert_eq!(shops.len(), 40);
        assert!(super::first_phone().expect("one").starts_with("+977"));
    }
}
