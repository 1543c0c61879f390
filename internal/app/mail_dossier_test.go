package app_test

import (
	"encoding/json"
	"errors"
	"mime"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-smtp"

	"guichet/internal/app"
	"guichet/internal/demo"
	"guichet/internal/desk"
)

// A provider on another system gets the dossier by mail, once, and answers to an
// address that is worth something for this escalation alone, as long as it lasts.
func TestAProviderElsewhereGetsTheDossierByMail(t *testing.T) {
	t.Parallel()
	p := &pair{world: newWorld(t)}
	p.customer.id = made(p.AddCustomer(t.Context(), p.two.admin, desk.CustomerSettings{Name: "Bakery", Tenant: desk.NewID().String(), Relationship: desk.Reseller}))
	p.customer.contact = p.invite(t, p.two, desk.PersonSettings{Name: "Baker", Email: "baker@bakery.example", Role: desk.Contact, CustomerID: p.customer.id})
	if err := p.ChangeHandover(t.Context(), p.two.admin, 0, desk.HandoverChange{Act: desk.HandoverProviders, Party: desk.HandoverProvider{Name: "Far Away", Email: "help@faraway.example"}}); err != nil {
		t.Fatal(err)
	}
	book := made(p.Handover(t.Context(), p.two.admin))
	party := book.Now.Providers[0].Key
	n := p.begun(t)
	var wrong desk.Invalid
	if err := p.MailDossier(t.Context(), p.two.agent, n, 0, "nobody", true); !errors.As(err, &wrong) {
		t.Errorf("to nobody: %v", err)
	}
	if err := p.MailDossier(t.Context(), p.two.agent, n, 0, party, true); err != nil {
		t.Fatal(err)
	}
	if err := p.MailDossier(t.Context(), p.two.agent, n, 0, party, true); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("a second press: %v", err)
	}
	var args []byte
	if err := p.sql(t).QueryRow(t.Context(), `select args from river.river_job where kind = 'dossier_letter'`).Scan(&args); err != nil {
		t.Fatal(err)
	}
	var job app.DossierLetter
	if err := errors.Join(json.Unmarshal(args, &job), p.SendDossier(t.Context(), job)); err != nil {
		t.Fatal(err)
	}
	m := made(p.mail.Wait(t.Context(), func(m demo.Message) bool { return slices.Contains(m.To, "help@faraway.example") }))
	reply := made(netmail.ParseAddress(m.Headers["Reply-To"][0])).Address
	if local, _, _ := strings.Cut(reply, "@"); len(local) > 64 || !strings.HasSuffix(reply, "@portal.example") {
		t.Errorf("the answer goes to %s", reply)
	}
	if len(m.Attachments) != 1 || m.Attachments[0].Type != "application/json" || strings.Contains(m.Text, "baker@bakery.example") {
		t.Errorf("the mail: %+v", m)
	}
	if from := made(netmail.ParseAddress(m.Headers["From"][0])).Address; from != "desk@portal.example" || len(m.Headers["Dkim-Signature"]) != 0 {
		t.Errorf("without a domain of its own it is from %s", from)
	}
	p.signsDossiers(t, job)
	refuses := &wire{answer: &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such desk\xff\x00"}}
	if err := sending(t, orders{Host: "127.0.0.1", Port: listen(t, refuses, true), Now: p.clock.read()}, p.db).SendDossier(t.Context(), job); err != nil {
		t.Errorf("a refusal is tried again: %v", err)
	}
	told := made(p.Escalation(t.Context(), p.two.agent, n)).Events
	if last := told[0]; last.Kind != desk.EscalationReturned || last.Data["to"] != "help@faraway.example" || strings.TrimSpace(last.Data["reason"]) != "550 5.1.1 No such desk" {
		t.Errorf("the time line has %+v", last)
	}
	for _, as := range []string{reply, strings.ToUpper(reply)} {
		if d, e, err := p.RepliedTo(t.Context(), as); err != nil || e.Number != n || d.ID != p.two.desk.ID {
			t.Errorf("%s: %v, %v", as, e.Number, err)
		}
	}
	parts := strings.Split(strings.TrimSuffix(reply, "@portal.example"), ".")
	other := p.begun(t)
	for name, forged := range map[string]string{"another escalation": parts[0] + "." + string(rune('0'+other)) + "." + parts[2], "another code": parts[0] + "." + parts[1] + "." + strings.Repeat("a", len(parts[2])),
		"a short code": parts[0] + "." + parts[1] + "." + parts[2][:8], "no code": parts[0] + "." + parts[1] + ".", "another desk": "reply+" + strings.Repeat("a", 26) + "." + parts[1] + "." + parts[2],
		"words": "reply+nonsense", "nothing": "", "the desk": "desk"} {
		if _, _, err := p.RepliedTo(t.Context(), forged+"@portal.example"); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := p.EndEscalation(t.Context(), p.two.agent, n, 0, desk.EndedWithdrawn, "over"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := p.RepliedTo(t.Context(), reply); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("after the end: %v", err)
	}
	if err := p.SendDossier(t.Context(), job); err != nil {
		t.Errorf("a late letter: %v", err)
	}
}

// signsDossiers has a dossier go out again once the desk has a domain of its own, in the
// desk's words.
func (p *pair) signsDossiers(t *testing.T, job app.DossierLetter) {
	t.Helper()
	if err := p.SaveSender(t.Context(), p.two.admin, desk.SenderForm{Address: "Support@own.test"}); err != nil {
		t.Fatal(err)
	}
	server := &taker{}
	a := sending(t, orders{Host: "127.0.0.1", Port: listen(t, server, true), Now: p.clock.read()}, p.db)
	send := func() (raw, from string) {
		t.Helper()
		if err := a.SendDossier(t.Context(), job); err != nil {
			t.Fatal(err)
		}
		raw = server.mails[len(server.mails)-1]
		return raw, made(netmail.ParseAddress(header(raw, "From"))).Address
	}
	if raw, from := send(); from != "desk@portal.example" || header(raw, "DKIM-Signature") != "" {
		t.Errorf("before the domain is verified it is from %s", from)
	}
	made(p.sql(t).Exec(t.Context(), `update senders set verified_at = now() where desk_id = $1`, p.two.desk.ID))
	words := map[string]desk.Saying{"en": {Subject: "{desk}: {subject}", Body: "For {name}.\n\n{dossier}\n\nThank you."}}
	if err := p.SaveLetter(t.Context(), p.two.admin, "dossier", app.LetterForm{Texts: words}); err != nil {
		t.Fatal(err)
	}
	raw, from := send()
	sender, _, err := p.Sender(t.Context(), p.two.admin)
	if err != nil {
		t.Fatal(err)
	}
	record := sender.Records(desk.Installation{})[0]
	verified, err := dkim.VerifyWithOptions(strings.NewReader(raw), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
		if name != record.Name {
			t.Errorf("its key is asked for at %s, not %s", name, record.Name)
		}
		return []string{record.Value}, nil
	}})
	if from != "support@own.test" || err != nil || len(verified) != 1 || verified[0].Err != nil || verified[0].Domain != "own.test" {
		t.Errorf("from %s, signed by %+v (%v)", from, verified, err)
	}
	if reply := made(netmail.ParseAddress(header(raw, "Reply-To"))).Address; !strings.HasSuffix(reply, "@in.test") { // by which the answer is known
		t.Errorf("the answer goes to %s", reply)
	}
	if subject := made(new(mime.WordDecoder).DecodeHeader(header(raw, "Subject"))); !strings.HasPrefix(subject, "Desk two: ") || !strings.Contains(raw, "For Far Away.") || !strings.Contains(raw, "Thank you.") {
		t.Errorf("it says %q\n%.2000s", subject, raw)
	}
}
