#!/bin/sh
# judges.sh lets clients, encoders and validators that nobody here wrote judge
# the wallets and the printers' bytes. It installs those that come from npm once,
# exactly as wallet/judges/package-lock.json and hardware/judges/package-lock.json
# say, into the user's cache, and Stripe's stripe-mock from the Go module proxy
# beside them, copies the programs and documents of these folders there, and runs
# every test named TestJudge under the build tag judges; these find the folder in
# JUDGES_DIR.
#
# PayPal's published OpenAPI is in no package. Where PAYPAL_SPECS names a folder
# with checkout_orders_v2.json, payments_payment_v2.json and
# reporting_transactions_v1.json of paypal/paypal-rest-api-specifications, they
# judge as well; otherwise our own excerpt of them does alone.
#
#	scripts/judges.sh            all of them
#	scripts/judges.sh alipay     those of wallet/alipay
#	scripts/judges.sh --bench    how fast the printers' encoders are, beside others
#
# Needs a network the first time, and node of at least 18 with npm.
set -eu
cd "$(dirname "$0")/.."
say() { echo "judges: $*" >&2; }

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
	scripts/bootstrap.sh judges
fi
major=$(node -p 'process.versions.node.split(".")[0]')
if [ "$major" -lt 18 ]; then
	say "node is version $major; the judges need 18 or later"
	exit 1
fi

cache=${XDG_CACHE_HOME:-$HOME/.cache}/guitai/judges
export CGO_ENABLED=0

# install sets JUDGES_DIR to a folder with the packages that FOLDER/package.json
# names, and the programs and documents of FOLDER. There is one for each list of
# versions: another list is another install.
install() {
	name=$(cat "$1/package.json" "$1/package-lock.json" | sha256sum | cut -c 1-16)
	JUDGES_DIR=$cache/$name
	if [ ! -e "$JUDGES_DIR/node_modules/.package-lock.json" ]; then
		mkdir -p "$cache"
		new=$(mktemp -d "$cache/new.XXXXXX")
		trap 'rm -rf "$new"' EXIT
		cp "$1/package.json" "$1/package-lock.json" "$new/"
		say "installing the packages of $1/package-lock.json into $JUDGES_DIR"
		# No package may run anything while it is installed.
		(cd "$new" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
		rm -rf "$JUDGES_DIR"
		mv "$new" "$JUDGES_DIR"
		trap - EXIT
	fi
	find "$1" -name '*.mjs' -o -name '*.yaml' | while read -r f; do cp "$f" "$JUDGES_DIR/"; done
	export JUDGES_DIR
}

# stripe_mock sets STRIPE_MOCK to the program, and STRIPE_SPEC to Stripe's
# OpenAPI document, which its module carries.
stripe_mock() {
	version=0.203.0
	STRIPE_MOCK=$cache/stripe-mock-$version/stripe-mock
	STRIPE_SPEC=$(scripts/go env GOMODCACHE)/github.com/stripe/stripe-mock@v$version/embedded/openapi/spec3.json
	export STRIPE_MOCK STRIPE_SPEC
	[ ! -x "$STRIPE_MOCK" ] || [ ! -e "$STRIPE_SPEC" ] || return 0
	say "building stripe-mock $version"
	GOBIN=$(dirname "$STRIPE_MOCK") scripts/go install "github.com/stripe/stripe-mock@v$version"
}

if [ "${1:-}" = --bench ]; then
	install hardware/judges
	scripts/go test -tags "ci judges" -count 1 -timeout 10m -run '^$' -bench '^BenchmarkJudge' -benchtime "${BENCHTIME:-1s}" ./hardware/escpos
	exit
fi

dirs=$(scripts/testdirs.sh '^//go:build judges')
bad=
ran=
for d in $dirs; do
	if [ $# -gt 0 ] && ! echo " $* " | grep -q " $(basename "$d") "; then
		continue
	fi
	ran=yes
	case $d in
	*/hardware/*) install hardware/judges ;;
	*) install wallet/judges ;;
	esac
	case $d in
	*hardware/*) command -v zbarimg >/dev/null || scripts/bootstrap.sh test ;;
	*wallet/stripe) stripe_mock ;;
	*wallet/paypal) [ -n "${PAYPAL_SPECS:-}" ] || say "PAYPAL_SPECS is not set: PayPal is judged by our own excerpt alone" ;;
	esac
	scripts/go test -tags "ci judges" -count 1 -timeout 10m -run '^TestJudge' -v "$d" || bad="$bad $d"
done
if [ -z "$ran" ]; then
	say "there is no judge for: $*"
	exit 1
fi
if [ -n "$bad" ]; then
	say "they found something in$bad"
	exit 1
fi
