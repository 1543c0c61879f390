package i18n

import (
	"maps"
	"slices"
	"sync"
)

// maxMissing bounds what is remembered: a key may end in text that came from outside.
const maxMissing = 1000

var missing = struct {
	sync.Mutex
	keys map[string]bool
}{keys: map[string]bool{}}

// Missing returns, sorted, the keys and placeholders that were asked for and that no catalogue or caller gave.
// Tests of pages assert that it is empty.
func Missing() []string {
	missing.Lock()
	defer missing.Unlock()
	return slices.Sorted(maps.Keys(missing.keys))
}

func missed(key string) {
	missing.Lock()
	defer missing.Unlock()
	if len(missing.keys) < maxMissing {
		missing.keys[key] = true
	}
}
