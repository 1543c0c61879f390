package app

import (
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/hours"
)

func TestOpenWeekFollowsTheReadersDays(t *testing.T) {
	t.Parallel()
	c, err := hours.Parse(hours.Spec{Zone: "Europe/Paris", Weekly: map[string][]string{"mon": {"22:00-02:00"}, "sun": {"10:00-12:00"}}})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		zone string
		want map[int]string // day of the week from Monday, its blocks
	}{
		{"Europe/Paris", map[int]string{0: "22:00-00:00", 1: "00:00-02:00", 6: "10:00-12:00"}},
		{"America/Montreal", map[int]string{0: "16:00-20:00", 6: "04:00-06:00"}},
	}
	for _, test := range tests {
		zone, err := time.LoadLocation(test.zone)
		if err != nil {
			t.Fatal(err)
		}
		// Sunday evening: the week is still that of Monday the 9th.
		week := OpenWeek(c, time.Date(2026, 11, 15, 18, 0, 0, 0, zone), zone)
		for i, day := range week {
			if want := time.Date(2026, 11, 9+i, 0, 0, 0, 0, zone); !day.Date.Equal(want) {
				t.Errorf("%s: day %d is %v", test.zone, i, day.Date)
			}
			got := ""
			for _, b := range day.Blocks {
				got += b.From.In(zone).Format("15:04") + "-" + b.To.In(zone).Format("15:04")
			}
			if got != test.want[i] {
				t.Errorf("%s: day %d is open %q, want %q", test.zone, i, got, test.want[i])
			}
		}
	}
}

func TestSpecialDaysAreThoseUnlikeTheWeek(t *testing.T) {
	t.Parallel()
	v := desk.FirstOffer(desk.Desk{Zone: "Europe/Paris"})
	spec := &v.Content.Calendars[0].Spec
	spec.Closed = []string{"2026-11-09", "2026-11-14", "2026-11-25", "2026-12-24"} // a Monday past, a Saturday that is closed anyway, one ahead, one too far
	spec.Open = map[string][]string{"2026-11-21": {"10:00-12:00"}, "2026-11-13": nil}
	o, err := v.Open()
	if err != nil {
		t.Fatal(err)
	}
	zone := o.Calendar("office").Zone()
	got := OpeningOf(o, "office", time.Date(2026, 11, 13, 23, 30, 0, 0, time.UTC), zone)
	want := map[string]string{"2026-11-09": "", "2026-11-13": "", "2026-11-21": "10:00-12:00", "2026-11-25": ""}
	for _, d := range got.Special {
		date, text := d.Date.Format(time.DateOnly), ""
		for _, b := range d.Blocks {
			text += b.From.Format("15:04") + "-" + b.To.Format("15:04")
		}
		if hours, ok := want[date]; !ok || hours != text {
			t.Errorf("%s: %q, want %q", date, text, hours)
		}
		delete(want, date)
	}
	if len(want) > 0 {
		t.Errorf("not told: %v", want)
	}
	if got.Open || got.Until.Format(time.DateTime) != "2026-11-16 08:30:00" || len(got.Week) != 7 {
		t.Errorf("open %v until %s", got.Open, got.Until)
	}
}
