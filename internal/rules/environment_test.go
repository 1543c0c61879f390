package rules

import (
	"sync"
	"testing"
)

func TestConditionsAreReadAtOnceEachWithItsOwnFacts(t *testing.T) {
	vocabularies := [][]Fact{{{Name: "here", Type: Bool}}, {{Name: "here", Type: Text}}, {{Name: "there", Type: Bool}}}
	want := []bool{true, false, false} // only the first declares here as a yes or no
	var all sync.WaitGroup
	for i := range 60 {
		all.Go(func() {
			facts := vocabularies[i%3]
			if _, err := Rows("here", facts); (err == nil) != want[i%3] {
				t.Errorf("with %v: %v", facts, err)
			}
		})
	}
	all.Wait()
}
