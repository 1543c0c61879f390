package page

import (
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/rules"
)

func TestTriageStepsSayHowFarItIs(t *testing.T) {
	t.Parallel()
	found := func(kind, result string) desk.Found {
		return desk.Found{Finding: desk.Finding{Kind: kind, Result: result}}
	}
	cases := []struct {
		name     string
		outcome  desk.Outcome
		category desk.Category
		found    []desk.Found
		results  string // of health, documented, baseline and tests
		done     string
	}{
		{"nothing known", rules.NeedsInfo, rules.Unclear, nil, "to check, to check, to check, none", "...."},
		{"a published problem", rules.Partner, rules.Known, nil, "to check, yes, ours, none", ".xx."},
		{"for Microsoft", rules.Microsoft, rules.Bug, []desk.Found{found("health", "ruled_out"), found("reproduced", "confirmed")},
			"nothing open, none found, exceeded, 2 findings", "xxxx"},
		{"settings looked at", rules.NeedsInfo, rules.Unclear, []desk.Found{found("configuration", "ruled_out")}, "to check, to check, checked, 1 finding", "..xx"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			k := DeskTicket{Thread: desk.Thread{Found: c.found, Decision: desk.Decision{Outcome: c.outcome, Category: c.category}}}
			var results []string
			done := ""
			for _, s := range k.steps(speaking(i18n.English)) {
				results = append(results, s.Result)
				if s.Done {
					done += "x"
				} else {
					done += "."
				}
			}
			if got := strings.Join(results, ", "); got != c.results || done != c.done {
				t.Errorf("%q %s, want %q %s", got, done, c.results, c.done)
			}
		})
	}
}

func TestDecisionShowsItsBecause(t *testing.T) {
	t.Parallel()
	d := ticketPage(t, i18n.French, sampleTicket(t))
	if got := words(d.Find(".panel summary .outcome")); got != "À préciser" || d.Find(".panel summary .outcome .icon").Length() != 1 {
		t.Errorf("verdict %q", got)
	}
	because := d.Find(".decision ul li")
	if because.Length() != 2 || !strings.HasSuffix(words(because.First()), "Plusieurs personnes (formulaire)") || !strings.Contains(words(because.Last()), "« plus rien »") {
		t.Errorf("because %q", words(because))
	}
	if got := words(d.Find(".steps [aria-current=step]")); got != "Décision à confirmer" {
		t.Errorf("decision step %q", got)
	}
	if d.Find(".decision button[name=do][value=confirm]").Length() != 1 {
		t.Error("nothing to confirm with")
	}
}

func TestQuestionsArePutInTheTicketsLanguage(t *testing.T) {
	t.Parallel()
	k := sampleTicket(t)
	d := ticketPage(t, i18n.English, k)
	if got := d.Find(".decision a[href*='ask=1']").AttrOr("href", ""); got != "/alpine/tickets/10482?from=mine&ask=1#write" {
		t.Errorf("the reply is prepared at %q", got)
	}
	body := Asking(speaking(i18n.English), k.Thread)
	if !strings.HasPrefix(body, "Bonjour Léa,") || !strings.Contains(body, "\n2. ") {
		t.Errorf("prepared reply: %q", body)
	}
	if Asking(speaking(i18n.English), desk.Thread{}) != "" {
		t.Error("there is nothing to ask, and yet it asks")
	}
}

func TestSettledDecisionCanOnlyBeOverridden(t *testing.T) {
	t.Parallel()
	k := sampleTicket(t)
	k.Thread.Decision.ConfirmedBy, k.Thread.Decision.ConfirmedAt, k.Thread.Confirmer = desk.NewID(), at(-time.Minute), "Inès Caron"
	d := ticketPage(t, i18n.French, k)
	if d.Find(".decision button[value=confirm]").Length() != 0 || d.Find(".decision button[value=override]").Length() != 1 {
		t.Error("a confirmed decision is offered for confirmation")
	}
	if got := words(d.Find(".steps li").Last()); got != "Décision confirmée par Inès Caron" {
		t.Errorf("%q", got)
	}
}

func TestOverriddenDecisionKeepsTheRulesWord(t *testing.T) {
	t.Parallel()
	k := sampleTicket(t)
	k.Thread.Decision.By, k.Thread.Decision.Outcome, k.Thread.Decision.Category = desk.ByPerson, rules.Microsoft, rules.Bug
	k.Thread.Decision.Reason, k.Thread.Decider = "Vu chez trois clients.", "Hugo Vidal"
	box := words(ticketPage(t, i18n.French, k).Find(".decision"))
	for _, want := range []string{"Microsoft · ", "Hugo Vidal : Vu chez trois clients.", "Les règles, elles, disent : À préciser."} {
		if !strings.Contains(box, want) {
			t.Errorf("%q is missing in %q", want, box)
		}
	}
}

func TestOverrideComesBackOpenAndFilled(t *testing.T) {
	t.Parallel()
	k := sampleTicket(t)
	k.Override = OverrideForm{Outcome: "MICROSOFT", Category: "bug", Problems: desk.Problems{{Field: "reason", Key: "error.required"}}}
	d := ticketPage(t, i18n.French, k)
	form := d.Find("form:has(#outcome)")
	if form.ParentsFiltered("details.more[open]").Length() != 1 {
		t.Error("the form that came back is folded away")
	}
	if form.Find("#outcome option[selected]").AttrOr("value", "") != "MICROSOFT" || form.Find("#category option[selected]").AttrOr("value", "") != "bug" {
		t.Error("what was chosen is forgotten")
	}
	if d.Find("[role=alert] a[href='#reason']").Length() != 1 || form.Find("#reason[aria-invalid=true]").Length() != 1 {
		t.Error("the error is not told at its field")
	}
}

func TestEveryCategoryCanBeChosen(t *testing.T) {
	t.Parallel()
	d := ticketPage(t, i18n.French, sampleTicket(t))
	for _, o := range []rules.Outcome{rules.Partner, rules.Microsoft} {
		for _, c := range rules.Categories(o) {
			if d.Find("#category optgroup option[value="+string(c)+"]").Length() != 1 {
				t.Errorf("%s cannot be chosen", c)
			}
		}
	}
}

func TestFindingsAreATable(t *testing.T) {
	t.Parallel()
	d := ticketPage(t, i18n.English, sampleTicket(t))
	panel := d.Find(".timeline .panel")
	if got := words(panel.Find("header")); got != "FindingsInès Caron, 2 tests" {
		t.Errorf("header %q", got)
	}
	panel.Find("tbody tr").Each(func(_ int, s *goquery.Selection) {
		if s.Find(".state .icon").Length() != 1 || words(s.Find(".state")) == "" {
			t.Errorf("a result without shape or word: %q", words(s))
		}
	})
	if panel.Find("th[scope=col]").Length() != 3 {
		t.Error("columns have no heads")
	}
}
