#!/usr/bin/env bash
# Makes hub/wire/wire.gen.go from hub/openapi.yaml.
set -euo pipefail
cd "$(dirname "$0")/../hub/wire"
go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2 -config generate.yaml -o wire.gen.go ../openapi.yaml
