package desk_test

import (
	"slices"
	"testing"

	"guichet/internal/desk"
)

func TestAgreementsOfOneCustomerStandApart(t *testing.T) {
	t.Parallel()
	o, customer := first(t), desk.NewID()
	agree := func(s desk.AgreementSettings, others ...desk.Agreement) (desk.Agreement, error) {
		s.SupportType = "standard"
		return desk.NewAgreement(customer, s, o, others)
	}
	whole, err := agree(desk.AgreementSettings{Starts: "2026-01-01", Ends: "2026-06-30", Users: "1 200"})
	if err != nil || whole.Users != 1200 || *whole.Ends != "2026-06-30" {
		t.Fatalf("%+v (%v)", whole, err)
	}
	azure, err := agree(desk.AgreementSettings{Starts: "2026-02-01", Services: []string{"azure"}}, whole)
	if err != nil {
		t.Errorf("one for some services beside one for all: %v", err)
	}
	for _, s := range []desk.AgreementSettings{
		{Starts: "2026-06-30"}, {Starts: "2025-01-01", Ends: "2026-01-01"}, {Starts: "2025-01-01"},
		{Starts: "2026-03-01", Services: []string{"Azure SQL Database"}}, {Starts: "2026-03-01", Services: []string{"m365", "azure"}},
	} {
		if _, err := agree(s, whole, azure); !slices.Equal(wrongFields(err), []string{"starts offer.overlap"}) {
			t.Errorf("%+v: %v", s, err)
		}
	}
	for _, s := range []desk.AgreementSettings{{Starts: "2026-07-01"}, {Starts: "2025-01-01", Ends: "2025-12-31"}, {Starts: "2026-03-01", Services: []string{"m365"}}} {
		if _, err := agree(s, whole, azure); err != nil {
			t.Errorf("%+v: %v", s, err)
		}
	}
	if _, err := whole.With(desk.AgreementSettings{SupportType: "standard", Starts: "2026-01-02"}, o, []desk.Agreement{whole}); err != nil {
		t.Errorf("it is in its own way: %v", err)
	}
}

func TestAnAgreementIsJudgedAtItsFields(t *testing.T) {
	t.Parallel()
	o := first(t)
	right := desk.AgreementSettings{SupportType: "standard", Starts: "2026-01-01"}
	for want, change := range map[string]func(*desk.AgreementSettings){
		"support_type choose": func(s *desk.AgreementSettings) { s.SupportType = "gone" },
		"services choose":     func(s *desk.AgreementSettings) { s.Services = []string{"x"} },
		"users offer.users":   func(s *desk.AgreementSettings) { s.Users = "-1" },
		"starts date":         func(s *desk.AgreementSettings) { s.Starts = "tomorrow" },
		"ends date":           func(s *desk.AgreementSettings) { s.Ends = "31/12/2026" },
		"ends offer.ends":     func(s *desk.AgreementSettings) { s.Ends = "2025-12-31" },
		"contract encoding":   func(s *desk.AgreementSettings) { s.Name = "a\x00" },
	} {
		s := right
		change(&s)
		if _, err := desk.NewAgreement(desk.NewID(), s, o, nil); !slices.Equal(wrongFields(err), []string{want}) {
			t.Errorf("%v, want %s", wrongFields(err), want)
		}
	}
	for _, users := range []string{"1000001", "99999999999999999999", "a few"} {
		s := right
		s.Users = users
		if _, err := desk.NewAgreement(desk.NewID(), s, o, nil); err == nil {
			t.Errorf("%s users", users)
		}
	}
}
