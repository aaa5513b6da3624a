# One image for every role: `docker run IMAGE khaacho serve order`, `… khaacho work`, `… khaacho migrate`.
#
# Dependencies are a layer of their own that only changes with a manifest or the lock file. The skeleton that this needs
# (manifests and empty sources) is what cargo-chef would make; made here in a few lines of shell, because compiling
# cargo-chef costs about as long as our own crates and would be one more tool to keep up to date. Nothing is fetched but
# the base images, one Debian package and the crates of Cargo.lock.

# --- skeleton: the same bytes as long as no manifest and no target changes, whatever happens in the sources
FROM rust:1.95-bookworm AS skeleton
WORKDIR /src
COPY . .
RUN set -eu; \
    mkdir /skeleton; \
    cp --parents Cargo.toml Cargo.lock .cargo/config.toml /skeleton; \
    find . -name Cargo.toml -not -path './target/*' | while read -r manifest; do \
        crate=$(dirname "$manifest"); \
        cp --parents "$manifest" /skeleton; \
        for target in "$crate"/src/lib.rs "$crate"/src/main.rs "$crate"/src/bin/*.rs "$crate"/build.rs; do \
            [ -e "$target" ] || continue; \
            mkdir -p "/skeleton/$(dirname "$target")"; \
            case "$target" in \
                */lib.rs) : > "/skeleton/$target" ;; \
                *) echo 'fn main() {}' > "/skeleton/$target" ;; \
            esac; \
        done; \
    done

# --- build: first the dependencies from the skeleton, then the workspace
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY --from=skeleton /skeleton ./
RUN cargo build --release --locked --package khaacho
COPY . .
# Cargo goes by time stamps: the sources must be newer than what was built from their empty stand-ins.
RUN find . -name '*.rs' -not -path './target/*' -exec touch {} + \
    && cargo build --release --locked --package khaacho --bin khaacho \
    && target/release/khaacho --version

# --- what runs: the binary, certificate authorities for the providers' APIs, a user without rights
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/khaacho --create-home --shell /usr/sbin/nologin khaacho
COPY --from=build /src/target/release/khaacho /usr/local/bin/khaacho
COPY --chmod=755 deploy/entrypoint.sh /usr/local/bin/khaacho-entrypoint
COPY --chmod=755 deploy/healthcheck.sh /usr/local/bin/khaacho-healthcheck
# By number, so that a platform that refuses root can see that it is not.
USER 10001:10001
WORKDIR /var/lib/khaacho
# HTTP of the gateway, gRPC, health and metrics of a worker.
EXPOSE 8080 50051 10001
STOPSIGNAL SIGTERM
# Puts `khaacho` before a bare subcommand and replaces itself by it, so that signals arrive. Platforms differ in whether
# their command replaces the entrypoint; `khaacho serve gateway` means the same to both kinds.
ENTRYPOINT ["khaacho-entrypoint"]
CMD ["khaacho", "--help"]
