//! One service with a database of its own, and clients that speak gRPC to it in this process.

use std::collections::BTreeMap;
use std::task::{Context, Poll};
use std::time::Duration;

use khaacho_config::Secret;
use khaacho_durable::{Door, SCHEMA_SQL};
use khaacho_fault::Fault;
use khaacho_ids::OrderId;
use khaacho_inventory::{APPEND_ONLY, Config, Deps, Loaded, MIGRATIONS, load_demo, unit};
use khaacho_lifecycle::{Clock, Unit};
use khaacho_pg::migrate::SchemaMigrations;
use khaacho_pg::{Db, Settings};
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Ctx, Deadline, MeshKeys, PeerSettings, Peers, Principal, Role, Target, Trace};
use khaacho_testkit::db::TestDb;
use pb::catalog_service_client::CatalogServiceClient;
use pb::offer_service_client::OfferServiceClient;
use pb::quote_service_client::QuoteServiceClient;
use pb::reservation_service_client::ReservationServiceClient;
use pb::stock_service_client::StockServiceClient;
use pb::vendor_service_client::VendorServiceClient;
use tonic::body::Body;
use tonic::codegen::{Service, http};
use tonic::service::{Routes, RoutesBuilder};

pub const CATALOGUE: &str = include_str!("../fixtures/catalogue.csv");
pub const VENDORS: &str = include_str!("../fixtures/vendors.csv");
pub const OFFERS: &str = include_str!("../fixtures/offers.csv");

const SCHEMA: SchemaMigrations = SchemaMigrations::new("inventory", "khaacho_inventory", MIGRATIONS)
    .with_prelude(&[("durable", SCHEMA_SQL)])
    .with_append_only(APPEND_ONLY);

/// A service under test.
pub struct World {
    pub door: Door,
    pub unit: Unit,
    routes: Routes,
    // dropped last: the pool must not outlive it
    database: TestDb,
}

impl World {
    /// An empty one.
    pub async fn new() -> Self {
        Self::with_peers(BTreeMap::new()).await
    }

    /// An empty one with these peers.
    pub async fn with_peers(targets: BTreeMap<String, Target>) -> Self {
        let database = TestDb::migrated(&[SCHEMA]).await;
        let mut settings = Settings::new(database.url(), "inventory", "test");
        settings.role = Some("khaacho_inventory".to_owned());
        let db = Db::connect(settings).await.expect("the test's database");
        let door = Door::new("inventory", db, Clock::system());
        let keys = MeshKeys::new(&Secret::new("a secret of the tests, long enough")).expect("keys");
        let peers = PeerSettings {
            identity: "inventory".to_owned(),
            keys,
            targets,
        };
        let deps = Deps {
            door: door.clone(),
            peers: Peers::new(peers, &mut |_, _| {}),
            redis: khaacho_cache::Redis::connect(None),
            listens: false,
        };
        let mut unit = unit(Config::default(), deps);
        let mut routes = RoutesBuilder::default();
        unit.mount.take().expect("it serves")(&mut routes);
        Self {
            door,
            unit,
            routes: routes.routes(),
            database,
        }
    }

    /// One with the demo data.
    pub async fn demo() -> Self {
        let world = Self::new().await;
        world.load_demo().await.expect("clean demo data");
        world
    }

    pub async fn load_demo(&self) -> Result<Loaded, Fault> {
        load_demo(
            &self.door,
            &context(Principal::service("demo")),
            CATALOGUE,
            VENDORS,
            OFFERS,
        )
        .await
    }

    /// A connection with all rights, past the service.
    pub async fn superuser(&self) -> sqlx::PgPool {
        sqlx::PgPool::connect(self.database.url())
            .await
            .expect("the test's database")
    }

    /// One number from the tables.
    pub async fn number(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql)
            .fetch_one(self.door.db().pool())
            .await
            .expect("a number")
    }

    /// Nothing drifts: stock is the sum of its moves and promises what is pending, at every prefix of the
    /// moves.
    pub async fn assert_conserved(&self) {
        let sums =
            "select count(*) from inventory.stock s where (s.on_hand_milli, s.reserved_milli, s.seq) <> \
            (select coalesce(sum(m.on_hand_delta_milli), 0), coalesce(sum(m.reserved_delta_milli), 0),
                count(*) \
             from inventory.stock_move m where m.vendor_id = s.vendor_id and m.sku = s.sku)";
        assert_eq!(
            self.number(sums).await,
            0,
            "stock rows that are not the sum of their moves"
        );
        let prefixes = "select count(*) from (select m.seq, row_number() over w as number, \
            sum(m.on_hand_delta_milli) over w as on_hand, sum(m.reserved_delta_milli) over w as reserved \
            from inventory.stock_move m window w as (partition by m.vendor_id, m.sku order by m.seq)) p \
            where p.seq <> p.number or p.reserved < 0 or p.reserved > p.on_hand";
        assert_eq!(
            self.number(prefixes).await,
            0,
            "moves with gaps, or after which too much was promised"
        );
        let promised =
            "select count(*) from (select s.vendor_id, s.sku, s.reserved_milli - coalesce((select \
            sum(l.quantity_milli) from inventory.reservation r join inventory.reservation_line l using \
            (reservation_id) where r.state = 'PENDING' and r.vendor_id = s.vendor_id and l.sku = s.sku),
                0) as drift \
            from inventory.stock s) d where d.drift <> 0";
        assert_eq!(
            self.number(promised).await,
            0,
            "stock rows that promise something else than what is pending"
        );
    }

    fn wire(&self, principal: Principal) -> Wire {
        Wire {
            routes: self.routes.clone(),
            principal,
        }
    }

    pub fn catalog(&self) -> CatalogServiceClient<Wire> {
        CatalogServiceClient::new(self.wire(operator()))
    }

    pub fn catalog_of_order(&self) -> CatalogServiceClient<Wire> {
        CatalogServiceClient::new(self.wire(Principal::service("order")))
    }

    pub fn vendors(&self, principal: Principal) -> VendorServiceClient<Wire> {
        VendorServiceClient::new(self.wire(principal))
    }

    pub fn offers(&self, principal: Principal) -> OfferServiceClient<Wire> {
        OfferServiceClient::new(self.wire(principal))
    }

    pub fn stock(&self, principal: Principal) -> StockServiceClient<Wire> {
        StockServiceClient::new(self.wire(principal))
    }

    pub fn quotes(&self) -> QuoteServiceClient<Wire> {
        QuoteServiceClient::new(self.wire(Principal::service("order")))
    }

    pub fn reservations(&self) -> ReservationServiceClient<Wire> {
        ReservationServiceClient::new(self.wire(Principal::service("order")))
    }

    /// A product in sacks, offered by the vendor with that stock; the vendor is registered when it is new.
    pub async fn shelf(&self, vendor: &str, sku: &str, units: i64) -> String {
        let code = vendor.to_owned();
        let phone = format!(
            "+97798412345{:02}",
            vendor
                .trim_start_matches('V')
                .parse::<u32>()
                .expect("V and digits")
        );
        let registered = pb::RegisterVendorRequest {
            request_id: format!("vendor-{vendor}"),
            code,
            name: format!("Vendor {vendor}"),
            phone,
            ..Default::default()
        };
        let registered = self
            .vendors(operator())
            .register_vendor(registered)
            .await
            .expect("a vendor");
        let vendor_id = registered.into_inner().vendor.expect("a vendor").vendor_id;
        let product = pb::CreateProductRequest {
            request_id: format!("product-{sku}"),
            product: Some(sacks(sku)),
        };
        self.catalog().create_product(product).await.expect("a product");
        let offer = pb::SetOfferRequest {
            request_id: format!("offer-{vendor}-{sku}"),
            vendor_id: vendor_id.clone(),
            sku: sku.to_owned(),
            price_paisa: 10_000,
            ..Default::default()
        };
        self.offers(operator()).set_offer(offer).await.expect("an offer");
        let stock = pb::AdjustStockRequest {
            request_id: format!("stock-{vendor}-{sku}"),
            vendor_id: vendor_id.clone(),
            sku: sku.to_owned(),
            delta_milli: units * 1000,
            reason: "opening".to_owned(),
            ..Default::default()
        };
        self.stock(operator()).adjust_stock(stock).await.expect("stock");
        vendor_id
    }

    /// Stock on hand and its promised part, in sale units.
    pub async fn on_shelf(&self, vendor_id: &str, sku: &str) -> (i64, i64) {
        let list = pb::ListOffersRequest {
            vendor_id: vendor_id.to_owned(),
            sku: sku.to_owned(),
            ..Default::default()
        };
        let offers = self
            .offers(operator())
            .list_offers(list)
            .await
            .expect("a list")
            .into_inner()
            .offers;
        let [offer] = offers.as_slice() else {
            panic!("one offer, not {offers:?}")
        };
        (offer.on_hand_milli / 1000, offer.reserved_milli / 1000)
    }
}

/// A product in sacks without fractions.
pub fn sacks(sku: &str) -> pb::Product {
    pb::Product {
        sku: sku.to_owned(),
        name: format!("Product {sku}"),
        category: "test".to_owned(),
        base_unit: "sack".to_owned(),
        pack_label: "sack".to_owned(),
        pack_quantity: 1,
        order_units: vec![pb::OrderUnit {
            unit: "sack".to_owned(),
            factor: 1,
        }],
        vat_class: pb::VatClass::Standard.into(),
        ..Default::default()
    }
}

/// A request to reserve whole sale units.
pub fn reserve(order: &str, attempt: u32, vendor_id: &str, lines: &[(&str, i64)]) -> pb::ReserveRequest {
    pb::ReserveRequest {
        order_id: order_id(order),
        attempt,
        vendor_id: vendor_id.to_owned(),
        lines: lines
            .iter()
            .map(|(sku, units)| pb::ReservedLine {
                sku: (*sku).to_owned(),
                quantity_milli: units * 1000,
            })
            .collect(),
        replaces_attempt: 0,
    }
}

pub fn order_id(name: &str) -> String {
    OrderId::derive(&[name]).to_string()
}

pub fn operator() -> Principal {
    Principal {
        subject: "key_operator".to_owned(),
        role: Role::Operations,
        scope: None,
    }
}

pub fn vendor(vendor_id: &str) -> Principal {
    Principal {
        subject: vendor_id.to_owned(),
        role: Role::Vendor,
        scope: Some(vendor_id.to_owned()),
    }
}

pub fn context(principal: Principal) -> Ctx {
    Ctx::new(
        "test",
        principal,
        Deadline::after(Duration::from_secs(30)),
        Trace::new_root(),
        "test-cause",
    )
}

/// The reason of a refusal.
pub fn reason<T: std::fmt::Debug>(answer: Result<tonic::Response<T>, tonic::Status>) -> String {
    fault(answer).reason().to_owned()
}

pub fn fault<T: std::fmt::Debug>(answer: Result<tonic::Response<T>, tonic::Status>) -> Fault {
    Fault::from(answer.expect_err("a refusal"))
}

/// gRPC to the routes of this process, with the context that the server's layer would have made.
#[derive(Clone)]
pub struct Wire {
    routes: Routes,
    principal: Principal,
}

impl Service<http::Request<Body>> for Wire {
    type Response = http::Response<Body>;
    type Error = <Routes as Service<http::Request<Body>>>::Error;
    type Future = <Routes as Service<http::Request<Body>>>::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Service::<http::Request<Body>>::poll_ready(&mut self.routes, cx)
    }

    fn call(&mut self, mut request: http::Request<Body>) -> Self::Future {
        request.extensions_mut().insert(context(self.principal.clone()));
        self.routes.call(request)
    }
}
