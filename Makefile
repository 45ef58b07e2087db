# libzgossip: build, test and install. `make help` lists the targets.
#
# Honoured from the environment and the command line: CARGO, RUSTFLAGS and everything else that
# cargo knows (CARGO_TARGET_DIR, CARGO_BUILD_TARGET, ...), CC, CXX, CFLAGS, CXXFLAGS, LDFLAGS,
# LD, AR, OBJCOPY, NM, READELF, and for install PREFIX, LIBDIR, INCLUDEDIR, MANDIR, BINDIR, DESTDIR.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
# The targets name their steps in the order in which they must run; cargo is parallel by itself.
.NOTPARALLEL:

CARGO ?= cargo
OBJCOPY ?= objcopy
NM ?= nm
READELF ?= readelf
CFLAGS ?= -O2 -g -Wall -Wextra

PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
MANDIR ?= $(PREFIX)/share/man
BINDIR ?= $(PREFIX)/bin

# An installation by rustup is often not on the PATH of a non-interactive shell.
export PATH := $(PATH):$(HOME)/.cargo/bin

# The results are the same wherever they are built, and tell nothing about where. RUSTFLAGS, where it
# is set, replaces for cargo what configuration files say, so it is only added to. (Sub-makes get
# here again.)
cargo_home := $(or $(CARGO_HOME),$(HOME)/.cargo)
remap := --remap-path-prefix=$(CURDIR)=. --remap-path-prefix=$(cargo_home)=/cargo
ifdef RUSTFLAGS
export RUSTFLAGS := $(filter-out $(remap),$(RUSTFLAGS)) $(remap)
else
export CARGO_BUILD_RUSTFLAGS := $(filter-out $(remap),$(CARGO_BUILD_RUSTFLAGS)) $(remap)
endif

soname := libzgossip.so.1
libdir := build/lib
version := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
# The file behind the links; of the ABI, not of the release.
abi_version := $(shell sed -n '/^\[package.metadata.capi.library\]/,/^version/s/^version = "\(.*\)"/\1/p' Cargo.toml)

# Where cargo puts its results: asked when needed, since a configuration file can move it.
cargo_out = $(shell $(CARGO) metadata --no-deps --format-version 1 | \
    sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')$(addprefix /,$(CARGO_BUILD_TARGET))/release

.PHONY: all lib setup test test-hooks strangers repeat check check-abi check-upstream ways-in headers header valgrind demo \
    install uninstall check-install check-build deb check-czmq clean help

all: lib

## lib             the shared and the static library, in build/lib (default)
# Nothing is written where the result is the same, so that what depends on it is not made again.
# The crate types are named because with an rlib among them, which Rust programs and tests need, cargo
# leaves link-time optimisation out: the shared library would be a fifth larger.
lib:
	$(CARGO) rustc --release --locked --lib --crate-type cdylib,staticlib
	@out='$(cargo_out)'; mkdir -p $(libdir); \
	if ! cmp -s "$$out/libzgossip.so" $(libdir)/$(soname); then \
	    cp "$$out/libzgossip.so" $(libdir)/$(soname).new; \
	    mv $(libdir)/$(soname).new $(libdir)/$(soname); \
	    ln -sf $(soname) $(libdir)/libzgossip.so; \
	    rm -f $(libdir)/libzgossip.a; \
	fi; \
	if ! [ $(libdir)/libzgossip.a -nt exports.txt ]; then \
	    $(MAKE) --no-print-directory static-library rust_archive="$$out/libzgossip.a"; \
	fi

# cargo's static library shows every symbol of Rust's standard library, which clashes with other
# Rust code in the same program. In its place comes one object that shows only the names of exports.txt.
#
# --force-group-allocation: section groups are shared by name between objects, which must not
#     happen to sections whose symbols have become local.
# .llvmbc, .llvmcmd: bitcode of Rust's standard library, of no use here, on which a binutils
#     with LLVM's plugin stops.
# The removal of sections leaves undefined symbols behind that nothing refers to, and among them
# are weak ones that are no longer marked as weak; a program would not link.
.PHONY: static-library
static-library: work := $(libdir)/static.tmp
static-library:
	@rm -rf $(work); mkdir -p $(work)
	$(LD) -r --gc-sections --force-group-allocation $$(sed 's/^/-u /' exports.txt) \
	    -o $(work)/zgossip.o '$(rust_archive)'
	$(OBJCOPY) --remove-section=.llvmbc --remove-section=.llvmcmd $(work)/zgossip.o
	@$(NM) --undefined-only $(work)/zgossip.o | awk '{ print $$NF }' | sort -u >$(work)/undefined
	@$(READELF) --relocs --wide $(work)/zgossip.o | awk '{ print $$5 }' | sort -u >$(work)/used
	@comm -23 $(work)/undefined $(work)/used >$(work)/unused
	$(OBJCOPY) --strip-symbols=$(work)/unused --keep-global-symbols=exports.txt $(work)/zgossip.o
	@rm -f $(libdir)/libzgossip.a
	$(AR) rcs $(libdir)/libzgossip.a $(work)/zgossip.o
	@rm -rf $(work)

## setup           installs missing tools and libraries (Debian; nothing to do: does nothing)
setup:
	@scripts/setup

## test            everything that proves the library: unit tests, C tests, symbols, ways to link
test: setup lib
	$(CARGO) test --release --locked --features cli
	capi-tests/run
	scripts/check-abi
	capi-tests/ways-in/run
	capi-tests/ways-in/headers
	$(MAKE) --no-print-directory test-hooks
	capi-tests/repeat/run 20

## test-hooks      what only a build with the feature test-hooks can show: an internal error
test-hooks:
	$(CARGO) build --locked --features test-hooks --target-dir build/hooks
	@mkdir -p build/hooks/lib
	@cp build/hooks/debug/libzgossip.so build/hooks/lib/$(soname)
	ZGOSSIP_LIBDIR=build/hooks/lib capi-tests/run --group hooks

## strangers       networks with hostile peers in the simulator: SEEDS of them (20,000)
SEEDS ?= 20000
strangers:
	HOSTILE=$(SEEDS) $(CARGO) test --release --locked --features cli --lib no_stranger -- --nocapture

## repeat          the manual's example, 100 times each way, with idle and with busy cores
repeat: lib
	capi-tests/repeat/run 100

## check           format, lints and shell scripts, where the tools are there
check:
	@scripts/setup check
	@if $(CARGO) fmt --version >/dev/null 2>&1; then \
	    echo '$(CARGO) fmt --check'; $(CARGO) fmt --check; \
	else echo 'check: no rustfmt here, format not checked'; fi
	@if $(CARGO) clippy --version >/dev/null 2>&1; then \
	    echo '$(CARGO) clippy'; $(CARGO) clippy --locked --all-targets --features cli -- -D warnings; \
	else echo 'check: no clippy here, lints not checked'; fi
	shellcheck scripts/* capi-tests/run capi-tests/lib/jobs.sh capi-tests/ways-in/run capi-tests/ways-in/headers \
	    capi-tests/repeat/run examples/run bindings/python/check benches/check-instructions capi-tests/soak/run capi-tests/fuzz/run fuzz/run .ci/run .ci/nightly packaging/debian/tests/gossip

## check-abi       exported symbols, soname, needed libraries, hardening
check-abi: lib
	scripts/check-abi

## ways-in         every way to get the library into a program
ways-in: lib
	capi-tests/ways-in/run

## headers         the C headers, alone and together with CZMQ's
headers:
	capi-tests/ways-in/headers

## header          writes the C headers anew from the Rust sources
header:
	BLESS=1 $(CARGO) test --release --locked --test header

## check-upstream  CZMQ's own tests with the library preloaded
check-upstream: lib
	@scripts/setup upstream
	scripts/check-upstream

## valgrind        the C tests under valgrind
valgrind: lib
	@scripts/setup valgrind
	capi-tests/run --valgrind

## asan            the C tests and the fault tests with AddressSanitizer, in C and in Rust
# cargo needs a target for the flags not to reach what runs while it builds.
host = $(shell rustc -vV | sed -n 's/^host: //p')
.PHONY: asan
asan:
	RUSTC_BOOTSTRAP=1 RUSTFLAGS='-Zsanitizer=address -Cforce-frame-pointers=yes' \
	    $(CARGO) build --locked --target $(host) --target-dir build/asan
	@mkdir -p build/asan/lib
	@cp build/asan/$(host)/debug/libzgossip.so build/asan/lib/$(soname)
	ZGOSSIP_LIBDIR=build/asan/lib capi-tests/run --asan
	ZGOSSIP_LIBDIR=build/asan/lib capi-tests/soak/run --asan

## tsan            the tests of handles under ThreadSanitizer; needs nightly Rust with rust-src
.PHONY: tsan
tsan:
	scripts/check-tsan

## fuzz            libFuzzer on each target for FUZZ_SECONDS (600)
FUZZ_SECONDS ?= 600
.PHONY: fuzz fuzz-smoke fuzz-differential
fuzz:
	@scripts/setup fuzz
	fuzz/run $(FUZZ_SECONDS)

## fuzz-smoke      the same for 30 seconds each
fuzz-smoke:
	@$(MAKE) --no-print-directory fuzz FUZZ_SECONDS=30

## fuzz-differential  random scripts for CZMQ's actor and the native one, which must show the same
fuzz-differential: lib
	capi-tests/fuzz/run

## soak            hostile peers, faults, restarts and long runs: a short version, some minutes
.PHONY: soak soak-full soak-valgrind
soak: lib
	capi-tests/soak/run

## soak-full       the same with a million frames, 50 seeds and so on: half an hour
soak-full: lib
	capi-tests/soak/run --full

## soak-valgrind   the same, very short, under valgrind
soak-valgrind: lib
	@scripts/setup valgrind
	capi-tests/soak/run --valgrind

## bench           CZMQ's actor, the native one, and the sockets without gossip, compared: many minutes
.PHONY: bench bench-quick bench-micro check-instructions
bench: lib
	benches/run --write

## bench-quick     the same in about a minute: a first look
bench-quick: lib
	benches/run --quick

## bench-micro     the codec and the core without sockets, by criterion
bench-micro:
	cd benches/micro && CRITERION_HOME='$(CURDIR)/build/benches/criterion' $(CARGO) bench --locked --target-dir ../../build/benches/micro

## check-instructions  what a tuple costs in the core, in instructions, compared with what is known
check-instructions:
	benches/check-instructions

## demo            a network of nodes in several processes, and who knows what
demo: setup lib build/demo/network
	@build/demo/network

build/demo/network: demo/network.c | lib
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< -L$(libdir) -lzgossip \
	    $$(pkg-config --cflags --libs libczmq) -Wl,-rpath,'$$ORIGIN/../lib'

## examples        the examples in each language, tried against CZMQ's actor and the native one; the command
.PHONY: examples command install-command uninstall-command
examples: lib command
	@scripts/setup examples
	examples/run

# In a directory of its own: what the library is made of besides would take the place of what `lib` makes.
command_out := build/command
## command         the command zgossip, a look into a running network; in build/command/release
command:
	$(CARGO) build --release --locked --features cli --bin zgossip --target-dir $(command_out)

# The headers and the manual pages are not beside CZMQ's, some of which have the same names.
headers := $(wildcard include/*.h include/*.hpp)
pages := $(wildcard man/*.3zgossip)

## install         to PREFIX (/usr/local), below DESTDIR
install: lib
	install -d $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(INCLUDEDIR)/zgossip $(DESTDIR)$(MANDIR)/man3
	install -m 644 $(libdir)/$(soname) $(DESTDIR)$(LIBDIR)/libzgossip.so.$(abi_version)
	ln -sf libzgossip.so.$(abi_version) $(DESTDIR)$(LIBDIR)/$(soname)
	ln -sf $(soname) $(DESTDIR)$(LIBDIR)/libzgossip.so
	install -m 644 $(libdir)/libzgossip.a $(DESTDIR)$(LIBDIR)
	install -m 644 $(headers) $(DESTDIR)$(INCLUDEDIR)/zgossip
	install -m 644 $(pages) $(DESTDIR)$(MANDIR)/man3
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|' \
	    -e 's|@VERSION@|$(version)|' pkgconfig/libzgossip.pc.in \
	    >$(DESTDIR)$(LIBDIR)/pkgconfig/libzgossip.pc

## uninstall       removes what install has installed, given the same variables
uninstall:
	rm -f $(addprefix $(DESTDIR)$(LIBDIR)/,libzgossip.so.$(abi_version) $(soname) libzgossip.so \
	    libzgossip.a pkgconfig/libzgossip.pc)
	rm -f $(addprefix $(DESTDIR)$(MANDIR)/man3/,$(notdir $(pages)))
	rm -f $(addprefix $(DESTDIR)$(INCLUDEDIR)/zgossip/,$(notdir $(headers)))
	-rmdir $(DESTDIR)$(INCLUDEDIR)/zgossip

## install-command the command zgossip, to BINDIR (PREFIX/bin), below DESTDIR
install-command: command
	install -d $(DESTDIR)$(BINDIR)
	install -s -m 755 $(command_out)/release/zgossip $(DESTDIR)$(BINDIR)

## uninstall-command  removes it
uninstall-command:
	rm -f $(DESTDIR)$(BINDIR)/zgossip

## check-install   install and uninstall, manual pages, programs built by pkg-config alone
check-install: lib
	@scripts/setup install
	scripts/check-install

## check-build     reproducible, without paths, small; what it adds to a process
check-build: lib
	scripts/check-build

## deb             Debian packages, in build/deb, with a program built against them
deb:
	@scripts/setup deb
	scripts/build-deb

## check-czmq      Debian's CZMQ with this library inside
check-czmq: lib
	@scripts/setup czmq
	scripts/check-czmq

## clean           removes what was built
clean:
	$(CARGO) clean
	rm -rf build

## help            this list
help:
	@sed -n 's/^## /make /p' Makefile
