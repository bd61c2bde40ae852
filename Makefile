# Every target makes what it needs by itself (packaging/ready); a second run starts in seconds.
# VENV=dir another virtual environment · ARGS="..." passed on (make test ARGS="tests/unit -k biz_id")

VENV ?= .venv
JOBS ?= 2
export VENV
run := $(VENV)/bin/python
# Looked for when a recipe runs: packaging/ready may have brought it a moment before.
on_a_bus := bus=$$(command -v dbus-run-session || true); $${bus:+$$bus --}

.DEFAULT_GOAL := help
.PHONY: help demo test check bench torture dist words shots lock clean

help:   ## this list
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' Makefile

demo:   ## the desk on a throw-away vault, with a simulated FaceID on this machine
	@packaging/ready demo
	@$(run) -m faceid_review demo $(ARGS)

# On a session bus of its own, so that no test meets the developer's desktop; the keyring is one more step apart
# (tests/conftest.py). Files are shared out among JOBS processes, but for those that need the one keyring; with ARGS
# all run in one process.
test:   ## all tests
	@packaging/ready test
ifdef ARGS
	@$(on_a_bus) $(run) -m pytest $(ARGS)
else
	@$(on_a_bus) $(run) -m pytest -n $(JOBS) --dist loadfile -m "not keyring"
	@$(on_a_bus) $(run) -m pytest -m keyring
endif

check:  ## ruff, mypy, import contracts, house test
	@packaging/ready check
	$(run) -m ruff check .
	$(run) -m ruff format --check .
	$(run) -m mypy
	$(VENV)/bin/lint-imports --no-logo
	$(run) -m pytest -q tests/house

bench:  ## how long things take, shown and never asserted
	@packaging/ready test
	@test -e tests/bench/__main__.py || { echo "make bench: tests/bench is not built yet"; exit 1; }
	@$(run) -m tests.bench $(ARGS)

torture:        ## kills, full disks and failing writes, for long
	@packaging/ready test
	@test -e tests/crash/torture.py || { echo "make torture: tests/crash/torture.py is not built yet"; exit 1; }
	@$(run) -m tests.crash.torture $(ARGS)

dist:   ## one folder that runs without Python, build/dist/faceid-review, started once
	@packaging/ready dist
	$(run) -m PyInstaller --noconfirm --log-level WARN --distpath build/dist --workpath build/pyinstaller \
		packaging/pyinstaller/faceid_review.spec
	$(run) packaging/pyinstaller/start_once.py build/dist/faceid-review

words:  ## compile resources/locale/*/*.po
	@packaging/ready check
	@$(run) -m tests.words $(ARGS)

shots:  ## screenshots of the window, for docs/
	@packaging/ready test
	@test -e tests/shots.py || { echo "make shots: tests/shots.py is not built yet"; exit 1; }
	@$(run) -m tests.shots $(ARGS)

lock:   ## requirements.lock anew (newer versions: ARGS=--upgrade); make it with Python 3.11
	@packaging/ready check
	CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/bin/pip-compile --quiet $(ARGS) pyproject.toml

clean:  ## what was built and cached; .venv stays
	rm -rf build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find faceid_review tests packaging -name __pycache__ -type d -prune -exec rm -rf {} +
