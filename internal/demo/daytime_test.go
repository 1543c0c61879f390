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
	start := time.Date(2026, 10, 20, 0, 0, 0, 0, paris) // a week with a change of clocks
	rapid.Check(t, func(t *rapid.T) {
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
