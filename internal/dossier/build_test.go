package dossier

import (
	"bufio"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

func keys(fields []Field) []string {
	var list []string
	for _, f := range fields {
		list = append(list, f.Key)
	}
	return list
}

func value(t *testing.T, d Dossier, key string) Field {
	t.Helper()
	f, found := d.Field(key)
	if !found {
		t.Errorf("%s is not asked", key)
	}
	return f
}

func TestEveryFieldSaysWhereItComesFrom(t *testing.T) {
	t.Parallel()
	d := Build(entraCase(t))
	for key, want := range map[string]Field{
		"title":               {Value: "Connexion impossible à l’application de paie", From: "ticket", At: -1},
		"started_at":          {Value: "2026-11-26 07:30:00 UTC", From: "ticket", At: -1},
		"timestamp":           {Value: "2026-11-26 08:14:22 UTC", From: "text", At: 0},
		"correlation_id":      {Value: id2, From: "text", At: 0},
		"trace_id":            {Value: id1, From: "text", At: 0},
		"upn":                 {Value: "claire@lumen.example", From: "text", At: 0},
		"affected_count":      {Value: "12", From: "text", At: 0},
		"error_text":          {Value: "Désolé, un problème est survenu lors de la connexion.", From: "text", At: 0},
		"tenant_id":           {Value: "72f988bf-86f1-41af-91ab-2d7cd011db47", From: "customer", At: -1},
		"plan":                {Value: "Cloud Solution Provider", From: "plan", At: -1},
		"contact_email":       {Value: "support@alpine.example", From: "contact", At: -1},
		"har":                 {Value: "connexion.har", From: "file", At: -1},
		"screenshot":          {Value: "écran.png", From: "file", At: -1},
		"request_id":          {At: -1},
		"diagnostics_consent": {At: -1},
	} {
		got := value(t, d, key)
		if got.Value != want.Value || got.From != want.From || got.At != want.At || got.Problem != "" {
			t.Errorf("%s: %+v, want %+v", key, got, want)
		}
	}
	if missing := keys(d.Missing()); !slices.Equal(missing, []string{"diagnostics_consent"}) || d.Complete() || d.Needed-d.Done != 1 {
		t.Errorf("missing %v, %d of %d", missing, d.Done, d.Needed)
	}
	if !slices.Equal(d.Masked, []Masked{{"password", 1}}) {
		t.Errorf("masked %v", d.Masked)
	}
	in := entraCase(t)
	in.Answers = map[string]string{"diagnostics_consent": "Oui"}
	if d := Build(in); !d.Complete() || value(t, d, "diagnostics_consent").Value != "Yes" {
		t.Errorf("missing %v", keys(d.Missing()))
	}
}

func TestWhatWasSaidLastIsTakenFirst(t *testing.T) {
	t.Parallel()
	in := entraCase(t)
	in.Said = append(in.Said,
		Said{noon.Add(-time.Hour), "customer", "Encore à l’instant\u202f: ID de corrélation : " + id1 + " hier à 18 h 02"},
		Said{noon.Add(-time.Minute), "desk", "Par exemple Correlation ID: 00000000-0000-0000-0000-000000000000"})
	d := Build(in)
	if f := value(t, d, "correlation_id"); f.Value != id1 || f.From != "text" || f.At != 3 {
		t.Errorf("%+v", f)
	}
	in.Findings = append(in.Findings, Finding{noon, "other", "info", "request-id: " + id2})
	if f := value(t, Build(in), "request_id"); f.Value != id2 || f.From != "finding" || f.At != 2 {
		t.Errorf("%+v", f)
	}
}

func TestAnswersBeatWhatWasFound(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ key, typed, value, problem string }{
		"an id":              {"correlation_id", id1, id1, ""},
		"a time":             {"timestamp", "26/11/2026 à 9 h 20", "2026-11-26 08:20:00 UTC", ""},
		"a time of a form":   {"started_at", "2026-11-25T18:00", "2026-11-25 17:00:00 UTC", ""},
		"no time":            {"started_at", "ce matin", "ce matin", "dossier.problem.not_a_time"},
		"a day to come":      {"started_at", "2026-12-26 08:00Z", "2026-12-26 08:00:00 UTC", "dossier.problem.future"},
		"a zone unknown":     {"started_at", "2026-11-26 08:00 PST", "2026-11-26 08:00 PST", "dossier.problem.ambiguous_time"},
		"perhaps":            {"diagnostics_consent", "peut-être", "peut-être", "dossier.problem.yes_or_no"},
		"no":                 {"diagnostics_consent", "Non.", "No", ""},
		"no tenant":          {"tenant_id", "lumen", "lumen", "dossier.problem.guid"},
		"no domain":          {"initial_domain", "lumen", "lumen", "dossier.problem.domain"},
		"a long title":       {"title", strings.Repeat("long ", 80), strings.TrimSpace(strings.Repeat("long ", 80)), "dossier.problem.too_long"},
		"a password":         {"steps", "mot de passe : soleil", "mot de passe : [masked: password]", "dossier.problem.masked"},
		"a phone":            {"contact_phone", "demain", "demain", "dossier.problem.phone"},
		"an address":         {"contact_email", "paul", "paul", "dossier.problem.email"},
		"someone's address":  {"contact_email", "sam@lumen.example", "", "dossier.problem.customer_contact"},
		"not asked, written": {"dyn_aid", "dyn-1", "dyn-1", ""},
		"a false link":       {"site_url", "lumen", "lumen", "dossier.problem.url"},
		"a false resource":   {"resource_id", "vm1", "vm1", "dossier.problem.resource"},
	}
	for name, c := range cases {
		in := entraCase(t)
		in.Answers = map[string]string{c.key: c.typed}
		if f := value(t, Build(in), c.key); f.Value != c.value || f.Problem != c.problem || c.value != "" && f.From != "answer" {
			t.Errorf("%s: %+v, want %q %q", name, f, c.value, c.problem)
		}
	}
}

func TestLostLettersAreSaid(t *testing.T) {
	t.Parallel()
	in := entraCase(t)
	in.Form, in.Answers = "azure_portal", map[string]string{"title": "Ошибка"}
	if f := value(t, Build(in), "title"); f.Problem != "dossier.problem.ascii_lost" || !f.filled() {
		t.Errorf("%+v", f)
	}
}

func TestOnlyFaultsNeedEvidenceOfOne(t *testing.T) {
	t.Parallel()
	in := entraCase(t)
	in.Ticket.Kind = "billing"
	in.Ticket.Service, in.Form = "Licensing and billing", "partner_center"
	if d := Build(in); !slices.Equal(keys(d.Missing()), []string{"workspace", "problem_type"}) || d.Workload != "partner_center" || d.Severity.Letter != "C" {
		t.Errorf("%v %s", keys(d.Missing()), d.Severity.Letter)
	}
}

func TestWhatIsFoundAsksForMore(t *testing.T) {
	t.Parallel()
	in := Input{Form: "m365_admin", Ticket: Ticket{Kind: "problem", Service: "Exchange Online", Body: "Le partage ne va pas"}}
	if slices.Contains(keys(Build(in).Missing()), "recipient") {
		t.Error("asks for a recipient of no message")
	}
	in.Ticket.Body = "Remote Server returned '550 5.7.705 Access denied'"
	if !slices.Contains(keys(Build(in).Missing()), "recipient") {
		t.Error("does not ask for the recipient")
	}
}

func TestPlansSayWhichNumbersTheyNeed(t *testing.T) {
	t.Parallel()
	for plan, want := range map[Plan][]string{
		{Kind: "csp"}: nil, {}: nil, {Kind: "psfp"}: nil, {Kind: "signature"}: {"access_id", "contract_id"}, {Kind: "incidents", AccessID: "1"}: {"contract_id"},
	} {
		in := entraCase(t)
		in.Plan, in.Answers = plan, map[string]string{"diagnostics_consent": "no", "plan": "x"}
		if got := keys(Build(in).Missing()); !slices.Equal(got, want) {
			t.Errorf("%v: %v, want %v", plan, got, want)
		}
	}
	in := entraCase(t)
	in.Form, in.Plan = "publisher", Plan{"signature", "", "7654321", "99"}
	if text := Build(in).Text(); strings.Contains(text, "7654321") {
		t.Errorf("a publisher learns of the plan: %s", text)
	}
}

func TestSeverityIsWorkedOut(t *testing.T) {
	t.Parallel()
	nobody := func(in *Input) { in.Contact.Night = Reachable{Name: "Paul"} }
	cases := []struct {
		impact, affected, kind, category string
		change                           func(*Input)
		letter, why, may                 string
	}{
		{"stopped", "whole_tenant", "problem", "", nil, "A", "stopped_whole", "ABC"},
		{"stopped", "many_tenants", "problem", "", nil, "A", "stopped_whole", "ABC"},
		{"stopped", "whole_tenant", "problem", "", nobody, "B", "nobody_at_night", "BC"},
		{"stopped", "whole_tenant", "problem", "", func(in *Input) { in.Contact.Phone = "" }, "B", "nobody_at_night", "BC"},
		{"stopped", "whole_tenant", "question", "", nil, "C", "no_fault", "C"},
		{"stopped", "whole_tenant", "problem", "migration", nil, "C", "no_fault", "C"},
		{"stopped", "some_users", "problem", "", nil, "B", "stopped_some", "BC"},
		{"stopped", "some_users", "problem", "", func(in *Input) { in.Answers = map[string]string{"critical_function": "oui"} }, "A", "stopped_whole", "ABC"},
		{"stopped", "one_user", "problem", "", func(in *Input) { in.Answers = map[string]string{"severity": "A"} }, "B", "stopped_some", "BC"},
		{"stopped", "one_user", "problem", "", func(in *Input) { in.Answers = map[string]string{"severity": "C"} }, "C", "chosen", "BC"},
		{"stopped", "whole_tenant", "problem", "", func(in *Input) {
			in.Contact.Night, in.Answers = Reachable{}, map[string]string{"contact_night": "Léa, +33 6 00 00 00 00"}
		}, "A", "stopped_whole", "ABC"},
		{"stopped", "whole_tenant", "problem", "", func(in *Input) {
			in.Contact.Night, in.Answers = Reachable{}, map[string]string{"contact_night": "sam@lumen.example 0612345678"}
		}, "B", "nobody_at_night", "BC"},
		{"slowed", "whole_tenant", "problem", "", nil, "B", "slowed_several", "BC"},
		{"slowed", "one_user", "problem", "", nil, "C", "slowed_few", "BC"},
		{"slowed", "unknown", "problem", "", nil, "C", "slowed_few", "BC"},
		{"minor", "whole_tenant", "problem", "", nil, "C", "minor", "BC"},
		{"", "", "", "", nil, "C", "slowed_few", "BC"},
	}
	for i, c := range cases {
		in := entraCase(t)
		in.Ticket.Impact, in.Ticket.Affected, in.Ticket.Kind, in.Ticket.Category = c.impact, c.affected, c.kind, c.category
		if c.change != nil {
			c.change(&in)
		}
		d := Build(in)
		if s := d.Severity; s.Letter != c.letter || s.Why != "dossier.severity."+c.why || strings.Join(s.May, "") != c.may || len(s.Conditions) != 5 {
			t.Errorf("%d: %+v", i, s)
		}
		if _, asks := d.Field("contact_night"); asks != (c.why == "nobody_at_night" || c.letter == "A") && (in.Answers["contact_night"] == "") {
			t.Errorf("%d: asks who is there at night: %t", i, asks)
		}
	}
}

func TestTicketsOfDesksAreRead(t *testing.T) {
	t.Parallel()
	want := map[string]map[string]string{
		"D006": {"error_code": "AADSTS50166"}, "D067": {"error_code": "5.7.705"}, "D119": {"error_code": "5.7.139"}, "D084": {"error_code": "5.7.3"},
	}
	f, err := os.Open("testdata/tickets.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var k struct{ ID, Language, Subject, Body, Service, Affected string }
		if err := json.Unmarshal(lines.Bytes(), &k); err != nil {
			t.Fatal(err)
		}
		d := Build(Input{Now: noon, Form: "m365_admin", Zone: paris(t), Ticket: Ticket{Kind: "problem", Subject: k.Subject, Body: k.Body, Service: k.Service, Affected: k.Affected, Language: k.Language, Impact: "slowed"}})
		for key, value := range want[k.ID] {
			if got, _ := d.Field(key); got.Value != value {
				t.Errorf("%s: %s is %q, want %q", k.ID, key, got.Value, value)
			}
		}
		if len(d.Masked) > 0 || d.Complete() {
			t.Errorf("%s: masked %v", k.ID, d.Masked)
		}
		delete(want, k.ID)
	}
	if len(want) > 0 {
		t.Errorf("not read: %v", slices.Collect(maps.Keys(want)))
	}
}

func TestNothingMakesADossierOfMissingFields(t *testing.T) {
	t.Parallel()
	for _, form := range append(Forms(), "", "unknown") {
		for _, workload := range append(Workloads(), "", "unknown") {
			d := Build(Input{Form: form, Workload: workload})
			if d.Complete() || len(d.Missing()) == 0 || d.Severity.Letter != "C" || len(d.Blocks()) > 1 {
				t.Errorf("%s %s: %d of %d", form, workload, d.Done, d.Needed)
			}
		}
	}
}

func BenchmarkBuild(b *testing.B) {
	in := entraCase(b)
	in.Ticket.Body = strings.Repeat("Bonjour, depuis ce matin Outlook refuse de s’ouvrir pour nos collègues.\n", 60) + in.Ticket.Body
	for b.Loop() {
		Build(in)
	}
}
