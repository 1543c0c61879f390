package app_test

import (
	"errors"
	"maps"
	"testing"
	"time"

	"guichet/internal/desk"
)

func init() {
	at := desk.DraftMark{Version: 99} // of no offer: who may is told that it moved on
	maps.Copy(rights, map[string]right{
		"OfferBook":    {func(w *world, who desk.Actor, _ int64) error { _, err := w.OfferBook(bg, who); return err }, agents},
		"OfferVersion": {func(w *world, who desk.Actor, _ int64) error { _, _, err := w.OfferVersion(bg, who, 0); return err }, agents},
		"SaveType": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.SaveType(bg, who, at, "", desk.TypeSettings{})
			return err
		}, admins},
		"RemoveType": {func(w *world, who desk.Actor, _ int64) error { return w.RemoveType(bg, who, at, "x", "") }, admins},
		"ShiftType":  {func(w *world, who desk.Actor, _ int64) error { return w.ShiftType(bg, who, at, "x", 1) }, admins},
		"SaveHours": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.SaveHours(bg, who, at, "", desk.HoursSettings{})
			return err
		}, admins},
		"RemoveHours":  {func(w *world, who desk.Actor, _ int64) error { return w.RemoveHours(bg, who, at, "x") }, admins},
		"SaveOffer":    {func(w *world, who desk.Actor, _ int64) error { return w.SaveOffer(bg, who, at, desk.GeneralSettings{}) }, admins},
		"SavePrices":   {func(w *world, who desk.Actor, _ int64) error { return w.SavePrices(bg, who, at, desk.PriceSettings{}) }, admins},
		"DiscardOffer": {func(w *world, who desk.Actor, _ int64) error { return w.DiscardOffer(bg, who, at) }, admins},
		"PublishOffer": {func(w *world, who desk.Actor, _ int64) error { _, err := w.PublishOffer(bg, who, at, "n"); return err }, admins},
		"RestoreOffer": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.RestoreOffer(bg, who, at, 1, "n")
			return err
		}, admins},
		"Agreements": {func(w *world, who desk.Actor, _ int64) error {
			_, _, err := w.Agreements(bg, who, w.one.first.id)
			return err
		}, agents},
		"TypesToday": {func(w *world, who desk.Actor, _ int64) error { _, err := w.TypesToday(bg, who, nil); return err }, agents},
		"AddAgreement": {func(w *world, who desk.Actor, _ int64) error {
			return w.AddAgreement(bg, who, w.one.first.id, desk.AgreementSettings{})
		}, admins},
		"SaveAgreement": {func(w *world, who desk.Actor, _ int64) error {
			return w.SaveAgreement(bg, who, w.one.first.id, desk.NewID(), desk.AgreementSettings{})
		}, admins},
		"RemoveAgreement": {func(w *world, who desk.Actor, _ int64) error {
			return w.RemoveAgreement(bg, who, w.one.first.id, desk.NewID())
		}, admins},
	})
}

// offering reads the offer as an admin does, with the mark that his forms carry.
func (w *world) offering(t *testing.T, o office) (desk.OfferBook, desk.DraftMark) {
	t.Helper()
	b, err := w.OfferBook(t.Context(), o.admin)
	if err != nil {
		t.Fatal(err)
	}
	return b, b.Mark()
}

// gold is a type with a first reply within half an hour.
func gold() desk.TypeSettings {
	return desk.TypeSettings{Name: desk.Text{"fr": "Or", "en": "Gold"}, Calendar: "office", Languages: []string{"fr"}, Contacts: []desk.ContactMethod{{Method: "portal"}},
		Targets: map[string]string{"target_slowed_first_reply": "30 min"}, Model: "included"}
}

// publish makes an offer of a draft.
func (w *world) publishOffer(t *testing.T, o office) int {
	t.Helper()
	_, at := w.offering(t, o)
	return made(w.PublishOffer(t.Context(), o.admin, at, "Try it"))
}

func (w *world) withGold(t *testing.T, o office) {
	t.Helper()
	_, at := w.offering(t, o)
	if key := made(w.SaveType(t.Context(), o.admin, at, "", gold())); key != "or" && key != "gold" {
		t.Fatalf("its key is %s", key)
	}
	w.publishOffer(t, o)
}

func TestAnOfferIsPublishedFromADraft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	b, at := w.offering(t, o)
	if b.Published.Version != 0 || b.Draft != nil || len(b.Versions) != 1 {
		t.Fatalf("a new desk has %+v", b)
	}
	made(w.SaveType(t.Context(), o.admin, at, "", gold()))
	b, _ = w.offering(t, o)
	if b.Draft == nil || b.Draft.Author != o.admin.Person.Name || len(b.Changes()) != 1 || len(b.Offer().Types) != 2 {
		t.Fatalf("the draft is %+v", b.Draft)
	}
	if seen, err := w.OfferBook(t.Context(), o.agent); err != nil || seen.Draft != nil {
		t.Errorf("an agent reads the draft %+v (%v)", seen.Draft, err)
	}
	if now := made(w.Offer(t.Context(), o.desk)); len(now.Content.Types) != 1 {
		t.Error("a draft is offered")
	}
	if v := w.publishOffer(t, o); v != 1 {
		t.Errorf("published as %d", v)
	}
	if now := made(w.Offer(t.Context(), o.desk)); now.Version != 1 || len(now.Content.Types) != 2 {
		t.Errorf("our own process goes by version %d", now.Version)
	}
	b, at = w.offering(t, o)
	if b.Draft != nil || len(b.Versions) != 2 || b.Versions[1].Version != 0 || b.Published.Note != "Try it" {
		t.Errorf("the history is %+v", b.Versions)
	}
	if v, before, err := w.OfferVersion(t.Context(), o.agent, 0); err != nil || before.Version != 0 || len(v.Content.Types) != 1 {
		t.Errorf("the first: %+v (%v)", v, err)
	}
	var invalid desk.Invalid
	if _, err := w.PublishOffer(t.Context(), o.admin, at, "n"); !errors.As(err, &invalid) {
		t.Errorf("nothing to publish: %v", err)
	}
	if other, _ := w.offering(t, w.two); other.Published.Version != 0 || len(other.Offer().Types) != 1 {
		t.Errorf("the other desk has %+v", other.Published)
	}
}

func TestTheSecondAdminOfAnOfferIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	_, at := w.offering(t, o)
	made(w.SaveType(t.Context(), o.admin, at, "", gold()))
	before, _ := w.offering(t, o)
	for name, err := range map[string]error{
		"type": second(w.SaveType(bg, o.admin, at, "standard", gold())), "new type": second(w.SaveType(bg, o.admin, at, "", gold())),
		"removal": w.RemoveType(bg, o.admin, at, "gold", "standard"), "shift": w.ShiftType(bg, o.admin, at, "standard", 1),
		"hours": second(w.SaveHours(bg, o.admin, at, "office", desk.HoursSettings{})), "hours' removal": w.RemoveHours(bg, o.admin, at, "office"),
		"general": w.SaveOffer(bg, o.admin, at, desk.GeneralSettings{}), "prices": w.SavePrices(bg, o.admin, at, desk.PriceSettings{Currency: "CHF"}),
		"discard": w.DiscardOffer(bg, o.admin, at), "publish": second(w.PublishOffer(bg, o.admin, at, "n")), "restore": second(w.RestoreOffer(bg, o.admin, at, 0, "n")),
	} {
		if !errors.Is(err, desk.ErrConflict) {
			t.Errorf("%s is answered %v", name, err)
		}
	}
	after, at := w.offering(t, o)
	if after.Mark() != before.Mark() {
		t.Error("something changed")
	}
	// Two who save at the same instant: one of them is told.
	answers := make(chan error, 2)
	for _, currency := range []string{"CHF", "USD"} {
		go func() { answers <- w.SavePrices(bg, o.admin, at, desk.PriceSettings{Currency: currency}) }()
	}
	if a, b := <-answers, <-answers; (a == nil) == (b == nil) || a != nil && !errors.Is(a, desk.ErrConflict) || b != nil && !errors.Is(b, desk.ErrConflict) {
		t.Errorf("%v and %v", a, b)
	}
	_, at = w.offering(t, o)
	if err := w.DiscardOffer(t.Context(), o.admin, at); err != nil {
		t.Fatal(err)
	}
	w.clock.pass(time.Second)
	if b, _ := w.offering(t, o); b.Draft != nil || b.Published.Content.Currency != "EUR" {
		t.Errorf("discarded, there is %+v", b.Draft)
	}
}

func TestAnAgreementIsWhatATicketIsPromised(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	w.withGold(t, o)
	key := made(w.Offer(t.Context(), o.desk)).Content.Types[1].Key
	due := func(who desk.Actor) time.Time {
		t.Helper()
		return *w.thread(t, o, w.submit(t, who, desk.Submission{})).Ticket.DueAt
	}
	if at := due(o.first.contact); at.Sub(monday) != 2*time.Hour {
		t.Errorf("without an agreement he is promised %v", at.Sub(monday))
	}
	s := desk.AgreementSettings{SupportType: key, Starts: "2026-03-01"}
	if err := w.AddAgreement(t.Context(), o.admin, o.first.id, s); err != nil {
		t.Fatal(err)
	}
	if at := due(o.first.contact); at.Sub(monday) != 30*time.Minute {
		t.Errorf("by agreement he is promised %v", at.Sub(monday))
	}
	if at := due(o.second.contact); at.Sub(monday) != 2*time.Hour {
		t.Errorf("another customer is promised %v", at.Sub(monday))
	}
	var invalid desk.Invalid
	if err := w.AddAgreement(t.Context(), o.admin, o.first.id, s); !errors.As(err, &invalid) || invalid.Problems[0].Field != "starts" {
		t.Errorf("the same again: %v", err)
	}
	list, _, err := w.Agreements(t.Context(), o.agent, o.first.id)
	if err != nil || len(list) != 1 {
		t.Fatalf("%+v (%v)", list, err)
	}
	for who, err := range map[string]error{"another customer's": w.SaveAgreement(bg, o.admin, o.second.id, list[0].ID, s), "another desk's": w.RemoveAgreement(bg, w.two.admin, o.first.id, list[0].ID)} {
		if !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("%s: %v", who, err)
		}
	}
	customers, _, _ := w.Customers(t.Context(), o.agent, "", "")
	types := made(w.TypesToday(t.Context(), o.agent, customers))
	if types[o.first.id].Key != key || types[o.second.id].Key != "standard" {
		t.Errorf("today they have %s and %s", types[o.first.id].Key, types[o.second.id].Key)
	}
	s.Ends = "2026-03-01"
	if err := w.SaveAgreement(t.Context(), o.admin, o.first.id, list[0].ID, s); err != nil {
		t.Fatal(err)
	}
	if at := due(o.first.contact); at.Sub(monday) != 2*time.Hour {
		t.Errorf("after its end he is promised %v", at.Sub(monday))
	}
}

func TestATypeThatCustomersHaveIsNotLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	w.withGold(t, o)
	b, at := w.offering(t, o)
	key := b.Offer().Types[1].Key
	if err := w.AddAgreement(t.Context(), o.admin, o.first.id, desk.AgreementSettings{SupportType: key, Starts: "2026-04-01"}); err != nil {
		t.Fatal(err)
	}
	var invalid desk.Invalid
	if err := w.RemoveType(t.Context(), o.admin, at, key, ""); !errors.As(err, &invalid) || invalid.Problems[0].Key != "error.offer.type_used" || invalid.Problems[0].Args[1] != 1 {
		t.Errorf("removing it: %v", err)
	}
	if _, err := w.RestoreOffer(t.Context(), o.admin, at, 0, "Back"); !errors.As(err, &invalid) || invalid.Problems[0].Key != "error.offer.type_gone" {
		t.Errorf("bringing an offer back that lacks it: %v", err)
	}
	if err := w.RemoveType(t.Context(), o.admin, at, key, "standard"); err != nil {
		t.Fatal(err)
	}
	w.publishOffer(t, o)
	w.clock.set(monday.AddDate(0, 2, 0))
	if l, g, err := w.CustomersLevel(t.Context(), o.agent, o.first.id, ""); err != nil || l.Type.Key != "standard" || g.SupportType != key {
		t.Errorf("he has %s by %s (%v)", l.Type.Key, g.SupportType, err)
	}
	_, at = w.offering(t, o)
	if v := made(w.RestoreOffer(t.Context(), o.admin, at, 1, "Back")); v != 3 {
		t.Errorf("restored as %d", v)
	}
	if l, _, _ := w.CustomersLevel(t.Context(), o.agent, o.first.id, ""); l.Type.Key != key {
		t.Errorf("restored, he has %s", l.Type.Key)
	}
}
