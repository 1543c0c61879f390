package surge_test

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guichet/internal/surge"
)

// A desk that has counted nothing knows what is general; whatever it counted, its figures are
// above nought, and a service that is written of more is usually complained of more.
func TestOwnUsualFollowsWhatWasCounted(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 3, 10, 0, 0, 0, time.UTC)
	if a, b := surge.OwnUsual(50, surge.Counts{})(surge.Outage, "Exchange Online", "", at), surge.DefaultUsual(50)(surge.Outage, "Exchange Online", "", at); a != b {
		t.Errorf("a fresh desk: %v, want %v", a, b)
	}
	rapid.Check(t, func(t *rapid.T) {
		c := surge.Counts{Weeks: 8}
		for range rapid.IntRange(1, 30).Draw(t, "counts") {
			c.Add(rapid.SampledFrom([]string{"", "Exchange Online", "Microsoft Teams"}).Draw(t, "kin"), rapid.SampledFrom([][]string{nil, {"france", "europe"}}).Draw(t, "places"),
				rapid.IntRange(0, 167).Draw(t, "hour"), float64(rapid.IntRange(1, 40).Draw(t, "customers")))
		}
		hour := rapid.IntRange(0, 167).Draw(t, "at")
		when := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC).Add(time.Duration(hour) * time.Hour)
		before := surge.OwnUsual(50, c)
		outage, trouble := before(surge.Outage, "Microsoft Teams", "", when), before(surge.Trouble, "Microsoft Teams", "", when)
		if !(outage > 0) || !(trouble > outage) || math.IsInf(trouble, 0) || before(surge.Outage, "Microsoft Teams", "france", when) > outage*1.5 {
			t.Fatalf("outage %v, trouble %v", outage, trouble)
		}
		c.Add("Microsoft Teams", nil, hour, 100)
		if more := surge.OwnUsual(50, c)(surge.Outage, "Microsoft Teams", "", when); more <= outage {
			t.Fatalf("usual %v before and %v after a hundred more", outage, more)
		}
	})
}

// Counts that are what is general leave what is general as it is.
func TestOwnUsualOfAnOrdinaryDeskIsTheGeneralOne(t *testing.T) {
	t.Parallel()
	general := surge.DefaultUsual(100)
	c := surge.Counts{Weeks: 8}
	monday := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	for h := range 168 {
		at := monday.Add(time.Duration(h) * time.Hour)
		all := general(surge.Outage, "", "", at)
		exchange := general(surge.Outage, "Exchange Online", "", at)
		c.Add("Exchange Online", nil, h, 8*exchange/0.003)
		c.Add("", nil, h, 8*(all-exchange)/0.003)
	}
	own := surge.OwnUsual(100, c)
	for h := range 168 {
		at := monday.Add(time.Duration(h) * time.Hour)
		for _, kin := range []string{"", "Exchange Online"} {
			if a, b := own(surge.Outage, kin, "", at), general(surge.Outage, kin, "", at); math.Abs(a-b) > b/100 {
				t.Fatalf("hour %d, %q: %v, want %v", h, kin, a, b)
			}
		}
	}
}
