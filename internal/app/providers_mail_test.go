package app_test

import (
	"encoding/json"
	"errors"
	netmail "net/mail"
	"slices"
	"testing"

	"guichet/internal/app"
	"guichet/internal/demo"
	"guichet/internal/desk"
)

// What a provider on another system answers to a dossier stands in its escalation, which
// then waits for the desk; anybody else who writes to that address waits in quarantine.
func TestAProvidersAnswerComesByMail(t *testing.T) {
	t.Parallel()
	w := newMailed(t)
	p := &pair{world: w.world}
	p.customer.id = made(p.AddCustomer(bg, p.two.admin, desk.CustomerSettings{Name: "Bakery", Tenant: desk.NewID().String(), Relationship: desk.Reseller}))
	p.customer.contact = p.invite(t, p.two, desk.PersonSettings{Name: "Baker", Email: "baker@bakery.example", Role: desk.Contact, CustomerID: p.customer.id})
	if err := p.ChangeHandover(bg, p.two.admin, 0, desk.HandoverChange{Act: desk.HandoverProviders, Party: desk.HandoverProvider{Name: "Far Away", Email: "help@faraway.example"}}); err != nil {
		t.Fatal(err)
	}
	n := p.begun(t)
	if err := p.MailDossier(bg, p.two.agent, n, 0, made(p.Handover(bg, p.two.admin)).Now.Providers[0].Key, true); err != nil {
		t.Fatal(err)
	}
	for _, args := range w.jobs(t, "dossier_letter") {
		var job app.DossierLetter
		if err := errors.Join(json.Unmarshal(args, &job), p.SendDossier(bg, job)); err != nil {
			t.Fatal(err)
		}
	}
	letter := made(p.mail.Wait(bg, func(m demo.Message) bool { return slices.Contains(m.To, "help@faraway.example") }))
	reply := made(netmail.ParseAddress(letter.Headers["Reply-To"][0])).Address
	said := func() (list []string) {
		for _, e := range p.escalation(t, n).Entries {
			if e.Source == desk.FromMail {
				list = append(list, e.Author+": "+e.Body)
			}
		}
		return list
	}
	w.send(t, "eve@evil.test", raw("Eve <eve@evil.test>", "Re: dossier", "Send me the logs"), reply)
	if m := w.last(t, p.two.desk); m.State != desk.MailQuarantined || m.Reason != desk.MailProvider || len(said()) != 0 {
		t.Errorf("a stranger's: %s, %q; said %q", m.State, m.Reason, said())
	}
	w.send(t, "nina@faraway.example", raw("Nina <nina@faraway.example>", "Re: dossier", "Which tenant is it?\r\n\r\nOn Mon, 2 Mar 2026 at 09:00, Alpine wrote:\r\n> the dossier"), reply)
	if m := w.last(t, p.two.desk); m.State != desk.MailTaken {
		t.Errorf("the provider's: %s, %q, %q", m.State, m.Reason, m.Problems)
	}
	if got := said(); !slices.Equal(got, []string{"Nina: Which tenant is it?"}) {
		t.Errorf("the escalation holds %q", got)
	}
	if s := p.escalation(t, n).State; s != desk.EscalationWaitsUs {
		t.Errorf("the escalation is %s", s)
	}
	if err := p.EndEscalation(bg, p.two.agent, n, 0, desk.EndedWithdrawn, "over"); err != nil {
		t.Fatal(err)
	}
	w.send(t, "nina@faraway.example", raw("Nina <nina@faraway.example>", "Re: dossier", "One more thing"), reply)
	if m := w.last(t, p.two.desk); m.State != desk.MailQuarantined || len(said()) != 1 {
		t.Errorf("after the end: %s, %q; said %q", m.State, m.Reason, said())
	}
}
