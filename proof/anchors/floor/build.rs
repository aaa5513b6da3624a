//! Describes the one call of the floor's gRPC service.

fn main() {
    let say = tonic_build::manual::Method::builder()
        .name("say")
        .route_name("Say")
        .input_type("crate::Text")
        .output_type("crate::Text")
        .codec_path("tonic_prost::ProstCodec")
        .build();
    let echo = tonic_build::manual::Service::builder()
        .name("Echo")
        .package("floor.v1")
        .method(say)
        .build();
    tonic_build::manual::Builder::new().compile(&[echo]);
}
