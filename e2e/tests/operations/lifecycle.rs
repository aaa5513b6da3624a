use std::time::{Duration, Instant};

use futures_util::future::join_all;
use khaacho_e2e::process::{Process, free_port};
use khaacho_e2e::world;
use khaacho_e2e::{Rest, SOON, TestMesh, eventually};
use khaacho_ids::AccountId;
use khaacho_rpc::Role;
use serde_json::{Value, json};
use sqlx::Connection as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Platforms kill what has not ended by itself half a minute after the signal.
const GRACE: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_finishes_what_is_under_way_and_the_next_start_finds_its_data() {
    let (mesh, mut serve) = TestMesh::served(&[]).await;
    let shop = world::rich_shop(&mesh).await;
    let basket = world::basket(&mesh).await;
    let mut phone = mesh.chat(&shop.phone).await;
    phone.ask(&basket.text(), "Your order:", SOON).await;
    let number = phone.ask("CONFIRM", "is placed", SOON).await.order_number();

    // Half of a request is on its way when the signal comes.
    let body = json!({ "from": shop.phone, "text": format!("status {number}") }).to_string();
    let mut half = begin(&mesh.http, &body).await;
    let asked = Instant::now();
    let (status, answer) = tokio::join!(serve.process.terminate(GRACE), async {
        not_ready(&mesh.stranger()).await;
        half.write_all(&body.as_bytes()[10..])
            .await
            .expect("the connection is still there");
        let mut answer = String::new();
        half.read_to_string(&mut answer).await.expect("an answer");
        answer
    });
    assert!(
        answer.starts_with("HTTP/1.1 200"),
        "the request was finished: {answer}"
    );
    assert!(
        status.success(),
        "{status} after {:?}: {}",
        asked.elapsed(),
        serve.process.log()
    );

    let started = Instant::now();
    serve.start_again();
    serve.ready().await;
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "ready after {:?}",
        started.elapsed()
    );
    // The message of before is answered, if it was not already.
    phone.expect(&format!("Order {number}: waiting"), SOON).await;
    world::order_is(&mesh, &number, "SENT_TO_VENDOR", SOON).await;
    mesh.quiesce_and_check().await;
    let status = serve.process.terminate(GRACE).await;
    assert!(status.success(), "{status}: {}", serve.process.log());
}

/// Six clients wait for the outcome of their orders when the signal comes. The first order is held up for a moment and
/// the others have not been begun: everybody gets an outcome, and the process ends as soon as the last one has it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_settles_the_orders_that_are_waited_for() {
    let (mesh, mut serve) = TestMesh::served(&[("KHAACHO_ORDER_JOBS_AT_ONCE", "1")]).await;
    let shop = world::rich_shop(&mesh).await;
    let lines = world::basket(&mesh).await.lines();
    let mut connection = mesh.database.acquire().await.expect("the database answers");
    let mut held = connection.begin().await.expect("the database answers");
    sqlx::query("select 1 from credit.account where id = $1 for update")
        .bind(shop.account_id.parse::<AccountId>().expect("an id").uuid())
        .execute(&mut *held)
        .await
        .expect("nobody else holds the account");
    let own = mesh.rest_as(Role::Retailer, Some(&shop.account_id)).await;
    let clients = join_all((0..6).map(|_| async {
        let body = json!({ "lines": lines });
        let answer = own
            .post_with("/api/v1/orders", &[("Prefer", "wait=8")], body)
            .await;
        (answer.ok(), Instant::now())
    }));
    let stop = async {
        eventually("six orders that wait for their credit", SOON, async || {
            let placed = "select count(*) from orders.purchase_order where status = 'PLACED'";
            match sqlx::query_scalar(placed).fetch_one(&mesh.database).await {
                Ok(6_i64) => Ok(()),
                other => Err(format!("{other:?}")),
            }
        })
        .await;
        let release = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            held.rollback().await.expect("the database answers");
            Instant::now()
        };
        let (status, released) = tokio::join!(serve.process.terminate(GRACE), release);
        (status, released, Instant::now())
    };
    let (answers, (status, released, ended)) = tokio::join!(clients, stop);
    assert!(status.success(), "{status}: {}", serve.process.log());
    for (answer, _) in &answers {
        let status = answer["order"]["status"].as_str().unwrap_or_default();
        assert!(
            answer["settled"] == true && status.starts_with("ORDER_STATUS_"),
            "{answer}"
        );
    }
    let last = answers.iter().map(|(_, at)| *at).fold(released, Instant::max);
    let (orders, rest) = (last - released, ended.saturating_duration_since(last));
    assert!(
        orders < Duration::from_secs(3),
        "the orders took {orders:?} from where they were let go"
    );
    assert!(
        rest < Duration::from_secs(2),
        "the process went on for {rest:?}: {}",
        serve.process.log()
    );
}

/// Head and first bytes of a request of the simulator.
async fn begin(base: &str, body: &str) -> TcpStream {
    let address = base.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.expect("the gateway listens");
    let head = format!(
        "POST /api/v1/simulator/messages HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{}",
        body.len(),
        &body[..10],
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    stream.flush().await.expect("sent");
    stream
}

/// Whoever balances load sees the stop: no new connection, or one that says so.
async fn not_ready(rest: &Rest) {
    eventually("a process that takes no new work", SOON, async || {
        match rest.try_get("/ready").await {
            Ok(answer) if answer.status == 200 => Err(answer.text),
            Ok(_) | Err(_) => Ok(()),
        }
    })
    .await;
}

/// Platforms stop what they have just started, too: whoever is not ready yet ends as properly as anybody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_before_it_is_ready_is_a_stop() {
    // A database that takes connections and says nothing: nothing can be ready.
    let silent = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let database = silent.local_addr().expect("bound");
    let port = free_port();
    let environment = [
        ("ENVIRONMENT", "test".to_owned()),
        ("DATABASE_URL", format!("postgres://khaacho@{database}/khaacho")),
        ("KHAACHO_UNSAFE_DATABASE", "true".to_owned()),
        (
            "KHAACHO_MESH_SECRET",
            "0f4c1e7a9b2d4836b5e0c7d19a3f6e58".to_owned(),
        ),
        ("HOST", "127.0.0.1".to_owned()),
        ("PORT", port.to_string()),
        ("KHAACHO_GRPC_PORT", free_port().to_string()),
    ];
    let environment = environment.map(|(name, value)| (name.to_owned(), value));
    let mut serve = Process::start("serve all", &["serve", "all"], &environment);
    eventually("a process that has taken its port", SOON, async || {
        let connected = TcpStream::connect(("127.0.0.1", port)).await;
        connected
            .map(drop)
            .map_err(|error| format!("{error}: {}", serve.log()))
    })
    .await;
    let status = serve.terminate(GRACE).await;
    assert!(status.success(), "{status}: {}", serve.log());
}

/// A worker has no public port, but health and metrics of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_tells_how_old_its_queues_are() {
    let mesh = TestMesh::all_in_one(&[]).await;
    let port = free_port();
    let environment = [
        ("ENVIRONMENT", "test".to_owned()),
        ("DATABASE_URL", mesh.database_url.clone()),
        ("DB_POOL_MAX", "2".to_owned()),
        ("KHAACHO_UNSAFE_DATABASE", "true".to_owned()),
        (
            "KHAACHO_MESH_SECRET",
            "0f4c1e7a9b2d4836b5e0c7d19a3f6e58".to_owned(),
        ),
        ("HOST", "127.0.0.1".to_owned()),
        ("HEALTH_PORT", port.to_string()),
        ("KHAACHO_ORDER_ADDRESS", mesh.grpc.clone()),
        ("KHAACHO_CREDIT_ADDRESS", mesh.grpc.clone()),
        ("KHAACHO_INVENTORY_ADDRESS", mesh.grpc.clone()),
        ("KHAACHO_NOTIFICATION_ADDRESS", mesh.grpc.clone()),
    ];
    let environment = environment.map(|(name, value)| (name.to_owned(), value));
    let mut worker = Process::start("work", &["work"], &environment);
    let rest = Rest::new(&format!("http://127.0.0.1:{port}"), None);
    let queues = eventually("the health of a worker", SOON, async || {
        match rest.try_get("/health").await {
            Ok(answer) if answer.status == 200 && answer.body["queues"]["order"].is_object() => {
                Ok(answer.body["queues"].clone())
            }
            Ok(answer) => Err(answer.text),
            Err(error) => Err(format!("{error}: {}", worker.log())),
        }
    })
    .await;
    for service in ["order", "credit", "inventory", "notification"] {
        assert!(
            queues[service]["oldest_seconds"] != Value::Null,
            "{service} in {queues}"
        );
    }
    assert!(rest.get("/metrics").await.text.contains("queue_depth"));
    let status = worker.terminate(GRACE).await;
    assert!(status.success(), "{status}: {}", worker.log());
    mesh.finish().await;
}
