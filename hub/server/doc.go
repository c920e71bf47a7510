// Package server is the hub's API: what hub/openapi.yaml says, served. It takes
// documents of tills, gives out commands and catalogues, and answers readers.
// It holds no state that matters: several may stand before one database.
package server
