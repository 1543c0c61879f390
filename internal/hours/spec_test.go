package hours

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"
)

func TestSpecIsItsJSON(t *testing.T) {
	t.Parallel()
	text := `{"zone":"Europe/Paris","weekly":{"fri":["22:00-02:00"],"mon":["08:30-12:30","13:30-18:00"]},` +
		`"closed":["2026-12-24"],"open":{"2026-12-26":["10:00-12:00"]}}`
	var s Spec
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		t.Fatal(err)
	}
	if _, err := Parse(s); err != nil {
		t.Fatal(err)
	}
	back, err := json.Marshal(s)
	if err != nil || string(back) != text {
		t.Errorf("%s, %v", back, err)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	week := func(name string, blocks ...string) Spec {
		return Spec{Zone: "Europe/Paris", Weekly: map[string][]string{name: blocks}}
	}
	cases := []struct {
		spec Spec
		want SpecError
	}{
		{Spec{}, SpecError{"zone", "", "error.hours.zone"}},
		{Spec{Zone: "Local"}, SpecError{"zone", "Local", "error.hours.zone"}},
		{Spec{Zone: "Europe/Lyon"}, SpecError{"zone", "Europe/Lyon", "error.hours.zone"}},
		{Spec{Zone: "UTC", Holidays: "ZZ"}, SpecError{"holidays", "ZZ", "error.hours.holidays"}},
		{week("lundi", "09:00-12:00"), SpecError{"weekly", "lundi", "error.hours.weekday"}},
		{week("mon", "9:00-12:00"), SpecError{"weekly.mon", "9:00-12:00", "error.hours.block"}},
		{week("mon", "09:00"), SpecError{"weekly.mon", "09:00", "error.hours.block"}},
		{week("mon", "09:00-25:00"), SpecError{"weekly.mon", "09:00-25:00", "error.hours.block"}},
		{week("mon", "24:00-02:00"), SpecError{"weekly.mon", "24:00-02:00", "error.hours.block"}},
		{week("mon", "09:00-09:00"), SpecError{"weekly.mon", "09:00-09:00", "error.hours.block"}},
		{week("mon", "09:00-12:00", "11:00-14:00"), SpecError{"weekly.mon", "11:00-14:00", "error.hours.overlap"}},
		{week("mon", "22:00-02:00", "23:00-24:00"), SpecError{"weekly.mon", "23:00-24:00", "error.hours.overlap"}},
		{Spec{Zone: "UTC", Weekly: map[string][]string{"sat": {"22:00-02:00"}, "sun": {"01:00-03:00"}}},
			SpecError{"weekly.sat", "22:00-02:00", "error.hours.overlap"}},
		{Spec{Zone: "UTC", Weekly: map[string][]string{"sat": {"22:00-02:00"}, "sun": {"00:00-01:00"}}},
			SpecError{"weekly.sat", "22:00-02:00", "error.hours.overlap"}},
		{Spec{Zone: "UTC", Closed: []string{"24/12/2026"}}, SpecError{"closed", "24/12/2026", "error.hours.date"}},
		{Spec{Zone: "UTC", Closed: []string{"2026-02-29"}}, SpecError{"closed", "2026-02-29", "error.hours.date"}},
		{Spec{Zone: "UTC", Open: map[string][]string{"Noël": nil}}, SpecError{"open", "Noël", "error.hours.date"}},
		{Spec{Zone: "UTC", Open: map[string][]string{"2026-12-26": {"ten to noon"}}}, SpecError{"open.2026-12-26", "ten to noon", "error.hours.block"}},
		{Spec{Zone: "UTC", Weekly: map[string][]string{"fri": {"22:00-02:00"}}, Open: map[string][]string{"2026-12-26": {"01:00-04:00"}}},
			SpecError{"open.2026-12-26", "22:00-02:00", "error.hours.overlap"}},
		{Spec{Zone: "europe/paris/"}, SpecError{"zone", "europe/paris/", "error.hours.zone"}},
		{Spec{Zone: "../Europe/Paris"}, SpecError{"zone", "../Europe/Paris", "error.hours.zone"}},
		{Spec{Zone: "localtime"}, SpecError{"zone", "localtime", "error.hours.zone"}},
		{Spec{Zone: "right/Europe/Paris"}, SpecError{"zone", "right/Europe/Paris", "error.hours.zone"}},
		{Spec{Zone: "Europe//Paris"}, SpecError{"zone", "Europe//Paris", "error.hours.zone"}},
		{Spec{Zone: "UTC", Holidays: "fr"}, SpecError{"holidays", "fr", "error.hours.holidays"}},
		{Spec{Zone: "UTC", Holidays: "FR-99"}, SpecError{"holidays", "FR-99", "error.hours.holidays"}},
		{week("mon", "22:00-30:00"), SpecError{"weekly.mon", "22:00-30:00", "error.hours.block"}},
		{week("mon", "09:00-12:00-14:00"), SpecError{"weekly.mon", "09:00-12:00-14:00", "error.hours.block"}},
		{week("mon", "00:00-00:00"), SpecError{"weekly.mon", "00:00-00:00", "error.hours.block"}},
		{week("mon", "24:00-24:00"), SpecError{"weekly.mon", "24:00-24:00", "error.hours.block"}},
		{week("mon", ""), SpecError{"weekly.mon", "", "error.hours.block"}},
		{Spec{Zone: "UTC", Weekly: map[string][]string{"mon": {"20:00-10:00"}, "tue": {"09:00-19:00"}}},
			SpecError{"weekly.mon", "20:00-10:00", "error.hours.overlap"}},
		{week("mon", slices.Repeat([]string{"09:00-12:00"}, 25)...), SpecError{"weekly.mon", "25", "error.hours.blocks"}},
		{Spec{Zone: "UTC", Closed: []string{"2026-12-24", "2026-12-25", "2026-12-24"}}, SpecError{"closed", "2026-12-24", "error.hours.twice"}},
		{Spec{Zone: "UTC", Closed: []string{"2026-2-9"}}, SpecError{"closed", "2026-2-9", "error.hours.date"}},
		{Spec{Zone: "UTC", Closed: make([]string, 2001)}, SpecError{"closed", "2001", "error.hours.dates"}},
		{Spec{Zone: "UTC", Open: manyDates(2001)}, SpecError{"open", "2001", "error.hours.dates"}},
		{Spec{Zone: "UTC", Open: map[string][]string{"2026-12-26": slices.Repeat([]string{"09:00-12:00"}, 25)}},
			SpecError{"open.2026-12-26", "25", "error.hours.blocks"}},
	}
	for _, c := range cases {
		_, err := Parse(c.spec)
		var got *SpecError
		if !errors.As(err, &got) || *got != c.want {
			t.Errorf("%+v: %v, want %v", c.spec, err, &c.want)
			continue
		}
		if reasons[got.Key] == "" {
			t.Errorf("%s has no reason in words", got.Key)
		}
	}
}

func manyDates(n int) map[string][]string {
	dates := map[string][]string{}
	for i := range n {
		dates[dateString(20_000+i)] = nil
	}
	return dates
}

func TestEveryZoneIsTaken(t *testing.T) {
	t.Parallel()
	if len(zones) < 590 {
		t.Errorf("%d zones", len(zones))
	}
	for _, zone := range zones {
		if got := parse(t, Spec{Zone: zone}).Zone().String(); got != zone {
			t.Errorf("%s is %s", zone, got)
		}
	}
}

func TestAsMuchAsMayBe(t *testing.T) {
	t.Parallel()
	s := Spec{Zone: "UTC", Holidays: "FR", Open: manyDates(1999), Closed: []string{"1999-12-31"}}
	start := time.Now()
	parse(t, s)
	if took := time.Since(start); took > time.Second {
		t.Errorf("%v", took)
	}
}

func TestBlocksThatTouchAreFine(t *testing.T) {
	t.Parallel()
	blocks, err := parseBlocks("weekly.mon", []string{"12:00-24:00", "00:00-12:00"})
	if err != nil || !reflect.DeepEqual(blocks, []block{{0, 720}, {720, 1440}}) {
		t.Errorf("%v, %v", blocks, err)
	}
	parse(t, daily("UTC", "22:00-04:00", "04:00-22:00"))
}
