// Package migrations carries the schema as goose SQL files, one thought each.
package migrations

import "embed"

// Files are applied in the order of their names, as the role guichet_owner.
//
//go:embed *.sql
var Files embed.FS
