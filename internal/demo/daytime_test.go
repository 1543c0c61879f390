package demo

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestNobodyWritesAtNight(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	changes := []time.Time{ // fortnights in which the clocks change
		time.Date(2026, 3, 20, 0, 0, 0, 0, paris), time.Date(2026, 10, 20, 0, 0, 0, 0, paris),
	}
	rapid.Check(t, func(t *rapid.T) {
		start := rapid.SampledFrom(changes).Draw(t, "start")
		a := start.Add(time.Duration(rapid.Int64Range(0, int64(14*24*time.Hour)).Draw(t, "a")))
		b := a.Add(time.Duration(rapid.Int64Range(0, int64(48*time.Hour)).Draw(t, "later")))
		da, db := daytime(a, paris), daytime(b, paris)
		if h := da.In(paris).Hour(); h < 7 || h >= 20 {
			t.Fatalf("%s became %s", a, da)
		}
		if da.After(a) {
			t.Fatalf("%s moved on to %s", a, da)
		}
		if da.After(db) {
			t.Fatalf("%s and %s changed places: %s, %s", a, b, da, db)
		}
	})
}
