// Package wire is the contract between tills, hub and readers in Go: what
// oapi-codegen makes of hub/openapi.yaml, and the signatures on it. Amounts are
// integers of minor units, quantities thousandths, rates parts per million.
package wire
