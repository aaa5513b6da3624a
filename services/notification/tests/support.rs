//! A service of its own for each test.

pub mod fake;

use std::sync::Once;
use std::time::Duration;

use chrono::DateTime;
use khaacho_config::{Reader, Strings};
use khaacho_durable::Door;
use khaacho_fault::Fault;
use khaacho_lifecycle::{Clock, Hand, Part, Stop, Unit};
use khaacho_notification::{Config, Deps, MIGRATIONS, unit};
use khaacho_pg::migrate::SchemaMigrations;
use khaacho_pg::{Db, Settings};
use khaacho_proto::common::v1 as common;
use khaacho_proto::notification::v1 as pb;
use khaacho_rpc::Ctx;
use khaacho_testkit::db::TestDb;
use pb::consent_service_client::ConsentServiceClient;
use pb::delivery_status_service_client::DeliveryStatusServiceClient;
use pb::media_service_client::MediaServiceClient;
use pb::notification_service_client::NotificationServiceClient;
use pb::simulator_service_client::SimulatorServiceClient;
use pb::template_service_client::TemplateServiceClient;
use tokio::task::JoinSet;
use tonic::service::{Routes, RoutesBuilder};

const SCHEMA: SchemaMigrations = SchemaMigrations::new("notification", "khaacho_notification", MIGRATIONS)
    .with_prelude(&[("durable", khaacho_durable::SCHEMA_SQL)]);

/// The shop that gets most messages.
pub const RAM: &str = "+9779841234567";

/// A service, not running its jobs until told to. Its time stands still until its hand is moved.
pub struct World {
    pub door: Door,
    pub hand: Hand,
    config: Config,
    routes: Routes,
    _db: TestDb,
}

/// A process that runs the jobs.
pub struct Running {
    stop: Stop,
    tasks: JoinSet<()>,
}

impl Running {
    /// Lets what is under way finish.
    pub async fn stop(mut self) {
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
    }

    /// Dies in the middle of everything. Its leases are taken away at once, which otherwise takes seconds.
    pub async fn kill(mut self, world: &World) {
        self.tasks.shutdown().await;
        world
            .sql(
                "update notification.job set lease_until = now() - interval '1 second'
                 where lease_until is not null",
            )
            .await;
    }
}

impl World {
    /// With these variables.
    pub async fn new(variables: &[(&str, &str)]) -> Self {
        static RING: Once = Once::new();
        RING.call_once(|| {
            rustls::crypto::ring::default_provider()
                .install_default()
                .expect("nobody else installs one");
        });
        let strings = Strings::from_pairs(variables.iter().copied());
        let mut reader = Reader::new(&strings);
        let config = Config::read(&mut reader);
        reader.finish().expect("good settings");
        let test_db = TestDb::migrated(&[SCHEMA]).await;
        let db = Db::connect(Settings::new(test_db.url(), "notification", "test"))
            .await
            .expect("connects");
        let start = DateTime::from_timestamp(1_795_000_000, 0).expect("a date in 2026");
        let (clock, hand) = Clock::manual(start);
        let door = Door::new("notification", db, clock);
        let deps = Deps {
            door: door.clone(),
            listens: false,
        };
        let mut routes = RoutesBuilder::default();
        let mount = unit(config.clone(), deps).mount.expect("it serves");
        mount(&mut routes);
        Self {
            door,
            hand,
            config,
            routes: routes.routes(),
            _db: test_db,
        }
    }

    /// With the simulator alone.
    pub async fn simulated() -> Self {
        Self::new(&[]).await
    }

    /// With Twilio at this address, reporting delivery.
    pub async fn twilio(url: &str) -> Self {
        Self::new(&[
            ("TWILIO_ACCOUNT_SID", "AC00000000000000000000000000000001"),
            ("TWILIO_AUTH_TOKEN", "twilio-auth-token-0123456789"),
            ("TWILIO_WHATSAPP_NUMBER", "+14155238886"),
            ("TWILIO_API_URL", url),
            ("WEBHOOK_URL", "https://khaacho.example/webhooks/twilio"),
        ])
        .await
    }

    /// With Meta at this address and an approved template.
    pub async fn meta(url: &str) -> Self {
        Self::new(&[
            ("WHATSAPP_PHONE_NUMBER_ID", "106540352242922"),
            ("WHATSAPP_ACCESS_TOKEN", "EAAG-test-token-0123456789"),
            ("WHATSAPP_API_URL", &format!("{url}/v26.0")),
            ("KHAACHO_NOTIFICATION_META_TEMPLATE", "khaacho_update"),
        ])
        .await
    }

    /// Starts a process that runs the jobs.
    pub fn work(&self) -> Running {
        let deps = Deps {
            door: self.door.clone(),
            listens: false,
        };
        let Unit { background, .. } = unit(self.config.clone(), deps);
        let (stop, mut tasks) = (Stop::new(), JoinSet::new());
        for work in background.into_iter().filter(|work| work.part == Part::Jobs) {
            tasks.spawn((work.start)(stop.clone()));
        }
        Running { stop, tasks }
    }

    pub fn notifications(&self) -> NotificationServiceClient<Routes> {
        NotificationServiceClient::new(self.routes.clone())
    }

    pub fn consents(&self) -> ConsentServiceClient<Routes> {
        ConsentServiceClient::new(self.routes.clone())
    }

    pub fn media(&self) -> MediaServiceClient<Routes> {
        MediaServiceClient::new(self.routes.clone())
    }

    pub fn templates(&self) -> TemplateServiceClient<Routes> {
        TemplateServiceClient::new(self.routes.clone())
    }

    /// Stores notices; their ids.
    pub async fn enqueue(&self, notices: Vec<pb::Notice>) -> Vec<String> {
        let request = asked(pb::EnqueueRequest { notices });
        let answer = self.notifications().enqueue(request).await.expect("stored");
        answer.into_inner().notification_ids
    }

    pub async fn get(&self, id: &str) -> pb::Notification {
        let request = asked(pb::GetNotificationRequest {
            notification: id.to_owned(),
        });
        let answer = self
            .notifications()
            .get_notification(request)
            .await
            .expect("it exists");
        answer.into_inner().notification.expect("always there")
    }

    /// Waits until a notification is in this state.
    pub async fn until(&self, id: &str, state: pb::NotificationState) -> pb::Notification {
        self.until_any(id, &[state]).await
    }

    /// Waits until a notification is in one of these states.
    pub async fn until_any(&self, id: &str, states: &[pb::NotificationState]) -> pb::Notification {
        let mut last = None;
        let arrived = eventually(async || {
            let now = self.get(id).await;
            let there = states.contains(&now.state());
            last = Some(now);
            there
        })
        .await;
        let last = last.expect("looked at least once");
        assert!(arrived, "not one of {states:?} but {last:?}");
        last
    }

    /// Messages on a simulated phone after a cursor, and the next cursor.
    pub async fn shown(&self, phone: &str, after: &str) -> (Vec<pb::SimulatorMessage>, String) {
        let request = asked(pb::ListSimulatorMessagesRequest {
            phone: phone.to_owned(),
            after: after.to_owned(),
            limit: 0,
        });
        let mut client = SimulatorServiceClient::new(self.routes.clone());
        let answer = client
            .list_simulator_messages(request)
            .await
            .expect("a list")
            .into_inner();
        (answer.messages, answer.next)
    }

    /// Reports a status; stored, duplicates and unmatched.
    pub async fn report(&self, updates: Vec<pb::StatusUpdate>) -> (u32, u32, u32) {
        let mut client = DeliveryStatusServiceClient::new(self.routes.clone());
        let request = asked(pb::ReceiveStatusRequest { updates });
        let answer = client.receive_status(request).await.expect("stored").into_inner();
        (answer.stored, answer.duplicates, answer.unmatched)
    }

    pub async fn sql(&self, statement: &'static str) {
        sqlx::query(statement)
            .execute(self.door.db().pool())
            .await
            .expect("a good statement");
    }

    /// Waits until no job can run now; those that wait for a time, and what waits behind them, may be there.
    pub async fn until_quiet(&self) {
        let quiet = eventually(async || {
            let due = "select count(*) from notification.job j
                where (j.run_at <= $1 or j.lease_until is not null) and not exists (
                    select from notification.job e where e.ordering_key = j.ordering_key and e.seq < j.seq)";
            let due: i64 = sqlx::query_scalar(due)
                .bind(self.door.clock().now())
                .fetch_one(self.door.db().pool())
                .await
                .expect("counts");
            due == 0
        })
        .await;
        if !quiet {
            let jobs = "select format('%s due %s faults %s: %s', kind, run_at, faults, last_fault)
                from notification.job order by seq";
            let jobs: Vec<String> = sqlx::query_scalar(jobs)
                .fetch_all(self.door.db().pool())
                .await
                .expect("a list");
            panic!("jobs are still due at {}: {jobs:#?}", self.door.clock().now());
        }
    }
}

/// Polls for a minute: a machine that also compiles is slow.
pub async fn eventually(mut condition: impl AsyncFnMut() -> bool) -> bool {
    for _ in 0..6_000 {
        if condition().await {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    false
}

/// A request as the server's layer hands it on.
pub fn asked<T>(body: T) -> tonic::Request<T> {
    let mut request = tonic::Request::new(body);
    request.extensions_mut().insert(Ctx::for_test());
    request
}

/// Reason of a refusal.
pub fn reason(status: tonic::Status) -> String {
    Fault::from(status).reason().to_owned()
}

/// Words for Ram, from the default sender.
pub fn text(key: &str, text: &str) -> pb::Notice {
    notice(
        key,
        "plain_text",
        &serde_json::json!({ "text": text }).to_string(),
    )
}

/// A message for Ram, from the default sender.
pub fn notice(key: &str, template: &str, data: &str) -> pb::Notice {
    let recipient = common::Address {
        phone: RAM.to_owned(),
        ..common::Address::default()
    };
    pb::Notice {
        dedup_key: key.to_owned(),
        recipient: Some(recipient),
        template: template.to_owned(),
        data_json: data.to_owned(),
        ..pb::Notice::default()
    }
}

/// News that must be known.
pub fn order_placed(key: &str) -> pb::Notice {
    notice(
        key,
        "order_placed",
        include_str!("../fixtures/templates/data/order_placed.json"),
    )
}

/// What a provider says.
pub fn update(provider: common::Provider, message_id: &str, status: &str) -> pb::StatusUpdate {
    pb::StatusUpdate {
        provider: provider.into(),
        account: "106540352242922".to_owned(),
        provider_message_id: message_id.to_owned(),
        status: status.to_owned(),
        raw_status: status.to_owned(),
        ..pb::StatusUpdate::default()
    }
}
