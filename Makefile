# The commands of the README. PROFILE picks the Cargo profile of `make up` (release or dev); ARGS goes to
# `khaacho up`, as in `make up ARGS="--port 9000"`.
PROFILE ?= release
ARGS ?=

.PHONY: up test fmt

# Installs what is missing, builds, and starts the whole mesh on this machine.
up:
	@cargo xtask setup
	cargo run --locked --package khaacho --profile $(PROFILE) -- up $(ARGS)

# Installs what is missing and runs every check and test; the last line counts them.
test:
	@cargo xtask ci

# Formats all Rust code.
fmt:
	cargo fmt --all
