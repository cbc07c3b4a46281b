# Everything runs in .venv, which the first command makes. PYTHON names another interpreter (3.11 or newer).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Versions known to work together; `make lock` renews them.
LOCK := requirements.lock
# Extractors to compare with, apart: the project needs none of them.
PEERS := .venv-peers
# Other programs that read WARC, apart: the project needs none of them.
WARC_TOOLS := .venv-warc
# Other programs that read data sets, apart: the project needs none of them.
DATASET_TOOLS := .venv-datasets
# What trains, apart: reading pages needs none of it, and `make lock` must not see it.
TRAINING := .venv-train
# The next Datasette, apart: the project stands on the present one.
DATASETTE_1 := .venv-datasette-1

.PHONY: help demo test test-all test-browser test-cluster test-datasette-1 screenshots bench-site check lint types floors bench bench-peers bench-copies bench-crawl bench-audit bench-exports bench-fleet interop interop-datasets rendering fuzz fuzz-documents faults torture train docs lock clean

help:  ## Show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

demo: $(VENV)/.installed  ## Crawl a made-up newspaper, offline, and open the archive in a browser (PORT=8002 ARCHIVE=demo-2)
	@$(BIN)/muragat demo $(if $(PORT),--port $(PORT)) $(if $(ARCHIVE),--archive $(ARCHIVE))

rendering: $(VENV)/.rendering  ## Install what sources with `render = true` need besides a browser (160 MB)

test: $(VENV)/.tested  ## Run the tests (under ten minutes on two cores)
	@$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

test-all: $(VENV)/.tested  ## Run the long tests too
	@$(BIN)/pytest -m "(slow or not slow) and not browser"

test-cluster: $(VENV)/.tested  ## Kill the processes of a cluster, and Redis, and look whether anything is lost (4 minutes; redis-server)
	@$(BIN)/pytest -n 3 -m slow tests/cluster

test-browser: $(VENV)/.browsing  ## Read the site in the system's Chromium (skipped without one; REQUIRE_BROWSER=1: fails)
	@$(BIN)/pytest -m browser tests/browser

test-datasette-1: $(DATASETTE_1)/.made  ## Run the site's tests on the newest Datasette 1.0 (installs it in .venv-datasette-1)
	@$(DATASETTE_1)/bin/pytest -n 2 --dist loadfile tests/site

screenshots: $(VENV)/.browsing  ## Write pictures of each page of the demo into docs/screenshots, for people to look at
	@$(BIN)/python docs/screenshots.py $(if $(ALL),--all $(ALL))

check: lint types  ## Lint and types

lint: $(VENV)/.linted
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/.linted
	@$(BIN)/mypy

floors: $(VENV)/.tested  ## Measure cleaning on the corpora of real pages and compare with benchmarks/floors.json
	@$(BIN)/python benchmarks/quality.py --floors

bench: $(VENV)/.tested  ## Measure cleaning on the corpora of real pages: one table, quality and speed
	@$(BIN)/python benchmarks/bench.py

bench-peers: $(PEERS)/.made  ## The same with other extractors beside it (minutes; installs them in .venv-peers)
	@$(PEERS)/bin/python -W ignore benchmarks/bench.py --peers

bench-audit: $(VENV)/.tested  ## Measure what an audit costs by the number of articles: CPU and memory
	@$(BIN)/python benchmarks/auditing.py --memory

bench-site: $(VENV)/.tested  ## Measure what each page of the site costs at 100,000 made articles (ARTICLES=100000; minutes)
	@$(BIN)/python benchmarks/reading_room.py --articles $(or $(ARTICLES),100000)
bench-crawl: $(VENV)/.tested  ## Crawl 2,000 real pages and compare CPU and memory with a bare Scrapy spider (minutes)
	@$(BIN)/python benchmarks/crawling.py --floors

bench-exports: $(VENV)/.tested  ## Measure exports of 100,000 made articles beside the plainest loop that does the same
	@$(BIN)/python benchmarks/exporting.py

bench-copies: $(VENV)/.tested  ## Find copies among 10,000 made articles, and save into archives of two sizes
	@$(BIN)/python benchmarks/copies.py

interop: $(WARC_TOOLS)/.made  ## Have other programs read an exported WARC: fastwarc, cdxj-indexer, pywb (installs them in .venv-warc)
	@$(WARC_TOOLS)/bin/pytest tests/exports/test_warc.py tests/raw/test_interop.py

interop-datasets: $(DATASET_TOOLS)/.made  ## Have pandas, polars, DuckDB, datasets, frictionless, mlcroissant read exports (in .venv-datasets)
	@$(DATASET_TOOLS)/bin/pytest tests/exports/test_interop.py tests/exports/test_mappings.py tests/exports/test_questions.py

fuzz: $(VENV)/.tested  ## Clean 20,000 spoiled real pages: no exception, none over two seconds (SEED=0)
	@$(BIN)/python benchmarks/fuzz.py --mutations 20000 --seed $(or $(SEED),0)

faults: $(VENV)/.tested  ## Run the tests of the 56 cases of docs/faults.md, or of some of them (CASE="4 41")
	@$(BIN)/pytest -q -k "$$(echo 'fault_$(if $(CASE),$(CASE)_,)' | sed 's/ /_ or fault_/g')"

torture: $(VENV)/.installed  ## Kill 300 crawls and look whether anything is lost (half an hour; KILLS=300 SEED=7)
	@$(BIN)/muragat torture --kills $(or $(KILLS),300) --seed $(or $(SEED),7)

bench-fleet: $(VENV)/.tested  ## Compare the simulator of many machines with a real worker, and two workers with one (minutes; redis-server)
	@$(BIN)/python benchmarks/fleet.py --check --gain

fuzz-documents: $(VENV)/.tested  ## Read 5,000 spoiled feeds, sitemaps and robots.txt: no exception, no address lost after a bad one (SEED=0)
	@$(BIN)/python benchmarks/documents_fuzz.py --mutations 5000 --seed $(or $(SEED),0)

train: $(TRAINING)/.made  ## Train the models anew on the corpora of real pages (a quarter of an hour)
	@$(TRAINING)/bin/python benchmarks/train_body.py
	@$(TRAINING)/bin/python benchmarks/train_kinds.py --write
	@$(TRAINING)/bin/python benchmarks/train_titles.py

docs: $(VENV)/.installed  ## Write the generated pages of docs/ anew
	@$(BIN)/python docs/generate.py

lock: $(VENV)/.linted $(VENV)/.rendering  ## Renew the versions known to work together
	@$(BIN)/pip freeze --exclude-editable --exclude pip --exclude setuptools > $(LOCK)

clean:  ## Remove what make and the demo made
	rm -rf $(VENV) $(PEERS) $(TRAINING) $(WARC_TOOLS) $(DATASETTE_1) $(DATASET_TOOLS) demo-archive build *.egg-info

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "muragat needs Python 3.11 or newer; name one: make PYTHON=python3.12 demo"; exit 1; }
	@echo "Making the environment in $(VENV) (once, about a minute) ..."
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml $(LOCK)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(LOCK) -e .
	@touch $@

$(VENV)/.tested: $(VENV)/.made pyproject.toml $(LOCK)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(LOCK) -e '.[test]'
	@touch $@ $(VENV)/.installed

$(VENV)/.linted: $(VENV)/.tested
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(LOCK) -e '.[test,lint]'
	@touch $@

$(VENV)/.browsing: $(VENV)/.tested
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(LOCK) -e '.[test,browser]'
	@touch $@

# pip says that muragat asks for an older Datasette; that is what is tried here.
$(DATASETTE_1)/.made: pyproject.toml $(LOCK)
	@$(PYTHON) -m venv $(DATASETTE_1)
	@$(DATASETTE_1)/bin/python -m pip install --quiet --disable-pip-version-check -c $(LOCK) -e '.[test]'
	@$(DATASETTE_1)/bin/python -m pip install --quiet --disable-pip-version-check 'datasette==1.0a41'

$(VENV)/.rendering: $(VENV)/.tested
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(LOCK) -e '.[test,render]'
	@touch $@

$(TRAINING)/.made: pyproject.toml $(LOCK)
	@$(PYTHON) -m venv $(TRAINING)
	@$(TRAINING)/bin/python -m pip install --quiet --disable-pip-version-check -c $(LOCK) -e '.[train]'
	@touch $@

$(WARC_TOOLS)/.made: pyproject.toml
	@$(PYTHON) -m venv $(WARC_TOOLS)
	@$(WARC_TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check -e '.[test]' fastwarc cdxj-indexer pywb
	@touch $@

$(DATASET_TOOLS)/.made: pyproject.toml $(LOCK)
	@$(PYTHON) -m venv $(DATASET_TOOLS)
	@$(DATASET_TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check -c $(LOCK) -e '.[test]' \
	  pandas polars datasets frictionless mlcroissant zyte-common-items
	@touch $@

$(PEERS)/.made: pyproject.toml
	@$(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	@$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check -e . \
	  trafilatura newspaper4k readability-lxml htmldate
	@touch $@
