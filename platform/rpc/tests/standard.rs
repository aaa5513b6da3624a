//! Health and reflection are for everybody inside.

use khaacho_proto::DESCRIPTORS;
use tonic::Code;
use tonic::transport::Endpoint;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;

use crate::support::{Fake, Host, INTAKE, raw_call};

#[tokio::test]
async fn health_and_reflection_need_no_token_and_everything_else_does() {
    let (_reporter, health) = tonic_health::server::health_reporter();
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(DESCRIPTORS)
        .build_v1()
        .expect("the descriptors are complete");
    let routes = Fake::good().routes().add_service(health).add_service(reflection);
    let host = Host::start(routes).await;
    let endpoint = Endpoint::from_shared(format!("http://{}", host.address())).expect("an address");
    let channel = endpoint.connect().await.expect("connects");

    let checked = HealthClient::new(channel.clone())
        .check(HealthCheckRequest::default())
        .await;
    checked.expect("health is open");

    let list = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let answers = ServerReflectionClient::new(channel)
        .server_reflection_info(tokio_stream::once(list))
        .await;
    let first = answers
        .expect("reflection is open")
        .into_inner()
        .message()
        .await
        .expect("an answer");
    assert!(format!("{first:?}").contains("khaacho.order.v1.IntakeService"));

    assert_eq!(raw_call(host.address(), INTAKE, &[]).await, Code::Unauthenticated);
    let unknown = raw_call(host.address(), "/grpc.channelz.v1.Channelz/GetServers", &[]).await;
    assert_eq!(unknown, Code::Unimplemented);
}
