//! The gRPC face of the service: parse, run or read, render. One file per verb.

mod adjust_stock;
mod consume;
mod create_product;
mod explain_stock;
mod find_aliases;
mod find_alternatives;
mod find_vendor;
mod forget_alias;
mod get_alias;
mod get_product;
mod get_vendor;
mod learn_phrases;
mod list_aliases;
mod list_moves;
mod list_offers;
mod list_products;
mod list_reservations;
mod list_unmatched_phrases;
mod list_vendors;
mod match_products;
mod page;
mod parse;
mod quote_lines;
pub(crate) mod refusal;
mod register_vendor;
mod release;
mod render;
mod reserve;
mod revoke_alias;
mod search_products;
mod set_alias;
mod set_offer;
mod set_vendor_language;

use std::time::Duration;

use khaacho_cache::{Cache, Options, Redis};
use khaacho_durable::Door;
use khaacho_pg::Db;
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::Answer;
use tonic::Request;

use crate::catalogue::Catalogue;
use crate::domain::product::Product;
use crate::domain::vendor::Vendor;
use crate::store::quote_lines::{Baskets, baskets};

/// Everything that the verbs need.
#[derive(Clone)]
pub(crate) struct Rpc {
    door: Door,
    catalogue: Catalogue,
    baskets: Baskets,
    /// By product key.
    products: Cache<Product>,
    /// By id, code or phone; see [`get_vendor`].
    vendors: Cache<Vendor>,
    /// Shops that have to mean the same by a phrase before it means that for all.
    promote_after: u32,
}

impl Rpc {
    pub(crate) fn new(door: Door, catalogue: Catalogue, redis: &Redis, promote_after: u32) -> Self {
        let options = |namespace, version, entries_max| Options {
            namespace,
            version,
            entries_max,
            ttl: Duration::from_secs(30),
            redis_ttl: Duration::from_secs(3600),
            negative_ttl: Duration::from_secs(10),
        };
        Self {
            door,
            catalogue,
            baskets: Baskets::new("baskets", 16, baskets),
            products: Cache::new(options("product", 1, 20_000), redis.clone()),
            // phones of all shops that write are looked up here too, and are not found
            vendors: Cache::new(options("vendor", 2, 20_000), redis.clone()),
            promote_after,
        }
    }

    fn db(&self) -> &Db {
        self.door.db()
    }
}

/// Implements a gRPC service by one function per verb.
macro_rules! serve {
    ($service:path { $($verb:ident($request:ident) -> $response:ident;)+ }) => {
        #[tonic::async_trait]
        impl $service for Rpc {
            $(async fn $verb(&self, request: Request<pb::$request>) -> Answer<pb::$response> {
                $verb::$verb(self, request).await
            })+
        }
    };
}

serve!(pb::catalog_service_server::CatalogService {
    create_product(CreateProductRequest) -> CreateProductResponse;
    get_product(GetProductRequest) -> GetProductResponse;
    list_products(ListProductsRequest) -> ListProductsResponse;
    search_products(SearchProductsRequest) -> SearchProductsResponse;
    match_products(MatchProductsRequest) -> MatchProductsResponse;
    learn_phrases(LearnPhrasesRequest) -> LearnPhrasesResponse;
    find_aliases(FindAliasesRequest) -> FindAliasesResponse;
    forget_alias(ForgetAliasRequest) -> ForgetAliasResponse;
    list_aliases(ListAliasesRequest) -> ListAliasesResponse;
    get_alias(GetAliasRequest) -> GetAliasResponse;
    set_alias(SetAliasRequest) -> SetAliasResponse;
    revoke_alias(RevokeAliasRequest) -> RevokeAliasResponse;
    list_unmatched_phrases(ListUnmatchedPhrasesRequest) -> ListUnmatchedPhrasesResponse;
});

serve!(pb::vendor_service_server::VendorService {
    register_vendor(RegisterVendorRequest) -> RegisterVendorResponse;
    get_vendor(GetVendorRequest) -> GetVendorResponse;
    list_vendors(ListVendorsRequest) -> ListVendorsResponse;
    set_vendor_language(SetVendorLanguageRequest) -> SetVendorLanguageResponse;
    find_vendor(FindVendorRequest) -> FindVendorResponse;
});

serve!(pb::offer_service_server::OfferService {
    set_offer(SetOfferRequest) -> SetOfferResponse;
    list_offers(ListOffersRequest) -> ListOffersResponse;
});

serve!(pb::stock_service_server::StockService {
    adjust_stock(AdjustStockRequest) -> AdjustStockResponse;
    list_moves(ListMovesRequest) -> ListMovesResponse;
});

serve!(pb::quote_service_server::QuoteService {
    quote_lines(QuoteLinesRequest) -> QuoteLinesResponse;
    find_alternatives(FindAlternativesRequest) -> FindAlternativesResponse;
});

serve!(pb::reservation_service_server::ReservationService {
    reserve(ReserveRequest) -> ReserveResponse;
    consume(ConsumeRequest) -> ConsumeResponse;
    release(ReleaseRequest) -> ReleaseResponse;
    list_reservations(ListReservationsRequest) -> ListReservationsResponse;
    explain_stock(ExplainStockRequest) -> ExplainStockResponse;
});
