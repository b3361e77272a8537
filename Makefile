# Every target installs what it needs, may be run again at any time, and is one script in scripts/.
.DEFAULT_GOAL := help
.PHONY: help run try build test bench lint fmt dev clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Build AllIN and start it on this machine, needing no other service
	@scripts/run.sh

try: ## The same, with simulated networks to publish on
	@scripts/run.sh --sandbox

build: ## Build the UI and the server: target/release/allin
	@scripts/build.sh

test: ## Run all tests, with PostgreSQL, a Bluesky server and a browser
	@scripts/test.sh

bench: ## Measure speed and size against the budgets
	@scripts/bench.sh

lint: ## Check format, lints, licences and the walls between crates
	@scripts/lint.sh

fmt: ## Format all sources
	@scripts/fmt.sh

dev: ## Start server and UI for development, reloading on change
	@scripts/dev.sh

clean: ## Delete what was built; the data folder stays
	@scripts/clean.sh
