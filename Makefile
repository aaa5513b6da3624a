# The commands of the README. PROFILE picks the Cargo profile of `make up` (release or dev); ARGS goes to
# `khaacho up`, as in `make up ARGS="--port 9000"`.
PROFILE ?= release
ARGS ?=

.PHONY: up test bench crash faults abuse fuzz matrix selftest fmt

# Installs what is missing, builds, and starts the whole mesh on this machine.
up:
	@cargo xtask setup
	cargo run --locked --package khaacho --profile $(PROFILE) -- up $(ARGS)

# Installs what is missing and runs every check and test; the last line counts them.
test:
	@cargo xtask ci

# The runs below take minutes to hours; each writes what it found to PROOF (default target/proof) and a line to
# proof/ledger.jsonl, from which proof/SCORECARD.md is made.
PROOF ?= target/proof
SEEDS ?= 1..=20
KASAUTI = cargo run --locked --release --package kasauti --bin kasauti --

# Ratios of the mesh's speed to what this machine's PostgreSQL does in the same minute: bench/report.md.
bench: release
	$(KASAUTI) bench --ledger proof/ledger.jsonl

# Every crash point in every mode.
crash: release
	$(KASAUTI) crashpoints --modes A,B,C,D,calls --dir $(PROOF)/crash --ledger proof/ledger.jsonl

# Seeded actors under faults, 6,000 operations and 120 faults a seed.
faults: release
	$(KASAUTI) run --seeds $(SEEDS) --ops 6000 --faults 120 --dir $(PROOF)/faults --ledger proof/ledger.jsonl

# Bad input of every kind.
abuse: release
	$(KASAUTI) abuse --dir $(PROOF)/abuse --ledger proof/ledger.jsonl

# Everything that reads what others wrote, by libFuzzer (a C++ compiler builds it), so many seconds each.
FUZZ_SECONDS ?= 60
fuzz: release
	cargo fuzz --version >/dev/null 2>&1 || cargo install cargo-fuzz --locked
	$(KASAUTI) fuzz --seconds $(FUZZ_SECONDS) --dir $(PROOF)/fuzz --ledger proof/ledger.jsonl

# What people see when a part is away: docs/degradation.md.
matrix: release
	$(KASAUTI) matrix --dir $(PROOF)/matrix --ledger proof/ledger.jsonl

# Whether the checks find the bugs that are planted for them, in a build that can only be a development build.
selftest: release
	cargo build --locked --workspace --bins --features khaacho/planted --target-dir target/planted
	$(KASAUTI) selftest --binary target/planted/debug/khaacho --dir $(PROOF)/selftest --ledger proof/ledger.jsonl

release:
	cargo build --locked --release --workspace --bins

# Formats all Rust code.
fmt:
	cargo fmt --all
