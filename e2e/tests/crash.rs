//! A process that is killed again and again while shops order. Whoever was told that a message is taken gets one
//! answer, and the books agree.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use khaacho_config::Strings;
use khaacho_e2e::world::{self, Product, Shop, Vendor};
use khaacho_e2e::{Chat, Rest, Serve, TestMesh, check, eventually};
use serde_json::json;

/// How often the process is killed; `KHAACHO_TEST_KILLS` says otherwise.
const KILLS: usize = 100;
/// Longest life of a process between being ready and being killed.
const LIFE: Duration = Duration::from_millis(600);
/// On a machine that is too busy for all of them the last processes are killed while they still start.
const PATIENCE: Duration = Duration::from_secs(240);
/// Shops that order at once.
const SHOPS: usize = 6;
/// A step that takes longer than this is lost: the killing is over by then, and leases run out after seconds.
const STEP: Duration = Duration::from_secs(330);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_kills_lose_double_and_oversell_nothing() {
    let strings = Strings::from_env();
    let given = |name: &str| strings.get(name).and_then(|text| text.parse::<u64>().ok());
    let seed = given("KHAACHO_TEST_SEED").unwrap_or_else(|| fastrand::u64(..));
    let kills = given("KHAACHO_TEST_KILLS")
        .and_then(|n| usize::try_from(n).ok())
        .unwrap_or(KILLS);
    println!("KHAACHO_TEST_SEED={seed} repeats this run");
    let (mesh, mut serve) = TestMesh::served(&[("LOG_LEVEL", "error")]).await;
    let mut shops = world::shops(&mesh, "ne").await;
    shops.truncate(SHOPS);
    world::let_read_english(&mesh, &shops).await;
    let vendors = world::vendors(&mesh).await;
    let product = world::product(&mesh, "TEST-MATCHES", "Test matches", 100).await;
    world::offer(&mesh, &vendors[..3], &product.sku, 100, 1_000_000).await;
    let over = Arc::new(AtomicBool::new(false));
    let scripts = shops.iter().zip(0..).map(|(shop, n)| {
        let script = Script::new(
            &mesh,
            shop,
            &product,
            &vendors,
            fastrand::Rng::with_seed(seed ^ n),
        );
        script.run(over.clone())
    });
    let began = Instant::now();
    let killing = async {
        kill_again_and_again(&mut serve, kills, fastrand::Rng::with_seed(seed)).await;
        println!("{kills} kills took {:?}", began.elapsed());
        over.store(true, Ordering::SeqCst);
    };
    let (ends, ()) = tokio::join!(join_all(scripts), killing);
    let sum = |count: fn(&End) -> usize| ends.iter().map(count).sum::<usize>();
    let (orders, delivered, messages) = (
        sum(|e| e.orders),
        sum(|e| e.delivered),
        sum(|e| e.acknowledged.len()),
    );
    println!(
        "{messages} messages, {orders} orders, {delivered} delivered after {:?}",
        began.elapsed()
    );
    mesh.quiesce_and_check().await;
    every_acknowledged_message_was_answered_once(&mesh, &ends).await;
    assert!(
        orders >= SHOPS && delivered > 0,
        "shops got through in spite of all: {ends:?}"
    );
    serve.process.kill();
}

async fn kill_again_and_again(serve: &mut Serve, kills: usize, mut random: fastrand::Rng) {
    let began = Instant::now();
    for _ in 0..kills {
        if began.elapsed() < PATIENCE {
            serve.ready().await;
        }
        tokio::time::sleep(LIFE.mul_f64(random.f64())).await;
        serve.process.kill();
        serve.start_again();
    }
    serve.ready().await;
}

/// A shop that orders, and the vendor who answers, as long as the killing goes on.
struct Script {
    shop: Shop,
    phone: Chat,
    rest: Rest,
    stranger: Rest,
    text: String,
    vendors: Vec<Vendor>,
    random: fastrand::Rng,
    end: End,
}

/// What a script has done.
#[derive(Debug, Default)]
struct End {
    orders: usize,
    delivered: usize,
    /// Ids under which messages were acknowledged.
    acknowledged: Vec<String>,
}

impl Script {
    fn new(
        mesh: &TestMesh,
        shop: &Shop,
        product: &Product,
        vendors: &[Vendor],
        random: fastrand::Rng,
    ) -> Self {
        let stranger = mesh.stranger();
        Self {
            shop: shop.clone(),
            phone: Chat::from_the_beginning(stranger.clone(), &shop.phone),
            rest: mesh.rest(),
            stranger,
            text: format!("{} x 2", product.sku),
            vendors: vendors.to_vec(),
            random,
            end: End::default(),
        }
    }

    async fn run(mut self, over: Arc<AtomicBool>) -> End {
        while !over.load(Ordering::SeqCst) {
            self.orders().await;
        }
        self.end
    }

    async fn orders(&mut self) {
        let (text, own) = (self.text.clone(), self.shop.phone.clone());
        self.say(&own, &text).await;
        self.hear("Your order:").await;
        self.say(&own, "CONFIRM").await;
        let number = self.hear("is placed").await;
        self.end.orders += 1;
        if self.random.u8(0..3) == 0 {
            self.say(&own, &format!("CANCEL {number} not now")).await;
            self.hear(&format!("Your order {number} is cancelled")).await;
            return;
        }
        let vendor = self.vendor_of(&number).await;
        for word in ["ACCEPT", "PACKING", "DISPATCHED", "OUT", "DELIVERED"] {
            self.say(&vendor, &format!("{word} {number}")).await;
            let wanted = match word {
                "ACCEPT" => format!("accepted your order {number}"),
                "PACKING" => format!("Your order {number} is being packed"),
                "DISPATCHED" => format!("Your order {number} has been dispatched"),
                "OUT" => "is out for delivery".to_owned(),
                _ => format!("Your order {number} is delivered"),
            };
            self.hear(&wanted).await;
        }
        self.end.delivered += 1;
    }

    /// Delivers a message until it is acknowledged, as providers do.
    async fn say(&mut self, phone: &str, text: &str) {
        let id = format!(
            "{}-{}-{:016x}",
            self.shop.code,
            self.end.acknowledged.len(),
            self.random.u64(..)
        );
        let chat = Chat::from_the_beginning(self.stranger.clone(), phone);
        eventually(
            &format!("the acknowledgement of {text:?}"),
            STEP,
            async || match chat.deliver(&id, text).await {
                Ok(answer) if answer.status == 200 => Ok(()),
                Ok(answer) => Err(answer.text),
                Err(error) => Err(error.to_string()),
            },
        )
        .await;
        self.end.acknowledged.push(id);
    }

    /// Waits for an answer, however often the process dies before it comes; returns the number of the order in it.
    async fn hear(&mut self, containing: &str) -> String {
        let what = format!("{containing:?} on the phone of {}", self.shop.code);
        let heard = eventually(&what, STEP, async || match self.phone.take(containing).await {
            Ok(Some(heard)) => Ok(heard),
            Ok(None) => Err("it has not come".to_owned()),
            Err(error) => Err(error.to_string()),
        })
        .await;
        if heard.text.contains("ORD") {
            heard.order_number()
        } else {
            String::new()
        }
    }

    /// Phone of the vendor who has the order.
    async fn vendor_of(&self, number: &str) -> String {
        let path = format!("/api/v1/orders/{number}");
        let vendor_id = eventually("the vendor of an order", STEP, async || {
            match self.rest.try_get(&path).await {
                Ok(answer) if answer.status == 200 => {
                    let vendor = answer.body["order"]["vendorId"]
                        .as_str()
                        .unwrap_or_default()
                        .to_owned();
                    if vendor.is_empty() {
                        Err(answer.text)
                    } else {
                        Ok(vendor)
                    }
                }
                Ok(answer) => Err(answer.text),
                Err(error) => Err(error.to_string()),
            }
        })
        .await;
        let vendor = self.vendors.iter().find(|vendor| vendor.vendor_id == vendor_id);
        vendor.expect("a vendor of the demonstration").phone.clone()
    }
}

async fn every_acknowledged_message_was_answered_once(mesh: &TestMesh, ends: &[End]) {
    let stored: Vec<String> = sqlx::query_scalar("select provider_message_id from orders.inbound_message")
        .fetch_all(&mesh.database)
        .await
        .expect("the database answers");
    let stored: BTreeSet<&str> = stored.iter().map(String::as_str).collect();
    let acknowledged: BTreeSet<&str> = ends
        .iter()
        .flat_map(|end| &end.acknowledged)
        .map(String::as_str)
        .collect();
    assert_eq!(
        stored, acknowledged,
        "what was acknowledged was kept, and nothing else is there"
    );
    // A message that made no order has one reply under its own name, a confirmation one under that of its order.
    let wrong: Vec<String> = sqlx::query_scalar(
        "with reply as (
             select m.provider_message_id as id, m.body, m.outcome,
                    count(distinct n.id) filter (where starts_with(n.dedup_key, 'inb_')) as own,
                    count(distinct n.id) filter (where n.template in ('order_placed', 'order_cancelled')) as of_order
             from orders.inbound_message m
             left join notification.notification n on n.cause = 'inb_' || replace(m.id::text, '-', '')
             group by m.id)
         select format('%s %L (%s): %s own replies, %s of its order', id, body, outcome, own, of_order) from reply
         where case when body = 'CONFIRM' or body like 'CANCEL%' then own <> 0 or of_order <> 1
                    when body like 'ACCEPT%' then own <> 0
                    else own <> 1 end",
    )
    .fetch_all(&mesh.database)
    .await
    .expect("the database answers");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(check::broken(&mesh.database).await, Vec::<String>::new());
    let orders = mesh.rest().get("/api/v1/orders?page_size=100").await.ok();
    assert!(
        orders["orders"]
            .as_array()
            .is_some_and(|orders| !orders.is_empty()),
        "{}",
        json!(orders)
    );
}
