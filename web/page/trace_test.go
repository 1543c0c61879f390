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

// program compiles rules for a test; a rule without an outcome is the partner's.
func program(t *testing.T, list ...rules.Rule) *rules.Program {
	t.Helper()
	for i := range list {
		if list[i].Name == nil {
			list[i].Name = map[string]string{"en": "Rule " + list[i].Key, "fr": "Règle " + list[i].Key}
		}
		if list[i].Outcome == "" {
			list[i].Outcome, list[i].Category = rules.Partner, rules.HowTo
		}
	}
	p, err := rules.Compile(rules.Ruleset{Version: 7, Rules: list}, desk.Vocabulary())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// judgedTicket is the sample ticket, judged by rules of a test with some facts.
func judgedTicket(t *testing.T, p *rules.Program, facts ...desk.Known) DeskTicket {
	t.Helper()
	k := sampleTicket(t)
	v := desk.Verdict{Facts: facts}
	d := p.Decide(v.Map(k.Thread.Ticket.Subject, k.Thread.CustomerWords()))
	v.Outcome, v.Category, v.Rule, v.Ruleset = d.Outcome, d.Category, d.Rule, d.Ruleset
	v.Because = append(v.Because, d.Because...)
	k.Thread.Program, k.Thread.Decision.Verdict, k.Why = p, v, true
	return k
}

func TestTraceTellsWhatBecameOfEveryRule(t *testing.T) {
	t.Parallel()
	p := program(t,
		rules.Rule{Key: "a", When: `similar >= 5 && said_outage`},
		rules.Rule{Key: "b", When: `affected == "whole_tenant" || similar > 1`},
		rules.Rule{Key: "c", When: `similar < 9`})
	k := judgedTicket(t, p, desk.Known{Name: "similar", Value: int64(2), Source: "tickets"}, desk.Known{Name: "affected", Value: "one_user", Source: "form"})
	for lang, want := range map[i18n.Lang][3]string{
		i18n.French: {"1 Règle a (n’est pas vraie) Il manque : " + named(i18n.French, "similar") + " : 2, il faudrait au moins 5 ; " + named(i18n.French, "said_outage") + ".",
			"2. Règle b a décidé", "3 Règle c aurait aussi décidé"},
		i18n.English: {"1 Rule a (is not true) Missing: " + named(i18n.English, "similar") + ": 2, it would take at least 5; " + named(i18n.English, "said_outage") + ".",
			"2. Rule b decided", "3 Rule c would have decided too"},
	} {
		view := ticketPage(t, lang, k).Find("details#why[open]")
		items := view.Find("ol.trace > li")
		if items.Length() != 3 {
			t.Fatalf("%d rules", items.Length())
		}
		first, last := words(items.First()), words(items.Last())
		if !strings.HasPrefix(first, want[0]) || !strings.HasPrefix(last, want[2]) || !strings.HasPrefix(words(view.Find(".body > div").First()), want[1]) {
			t.Errorf("%s: %q, %q, %q", lang, first, words(view.Find(".body > div").First()), last)
		}
		if fired := items.Filter("[data-fired]"); fired.Length() != 1 || fired.Find("details").Length() != 0 || items.Find("details[open]").Length() != 0 {
			t.Error("the rule that decided is not set apart from those that are folded")
		}
	}
}

// named is a fact as a page says it.
func named(lang i18n.Lang, fact string) string {
	return plain(factName(i18n.New(lang, time.UTC, noon), fact))
}

// A condition keeps its structure, its answers and, where no words exist, its text.
func TestTraceKeepsTheStructureOfACondition(t *testing.T) {
	t.Parallel()
	p := program(t, rules.Rule{Key: "a", When: `(similar == 2 || !said_outage) && !(kind == "problem" && findings > 1)`})
	k := judgedTicket(t, p, desk.Known{Name: "similar", Value: int64(2)}, desk.Known{Name: "said_outage", Value: true})
	tree := ticketPage(t, i18n.English, k).Find("#why .parts").First()
	parts := tree.ChildrenFiltered("li")
	if parts.Length() != 2 || !strings.HasPrefix(words(parts.First()), "true: One of these: true: "+named(i18n.English, "similar")+": 2") {
		t.Errorf("%q", words(tree))
	}
	if inner := parts.First().Find(".parts > li").Last(); words(inner) != "false: "+named(i18n.English, "said_outage")+": yes, and it should not be so" {
		t.Errorf("%q", words(inner))
	}
	if code := parts.Last().Find("code"); !strings.Contains(code.Text(), "findings > 1") || !strings.Contains(words(parts.Last()), "steps: 0") {
		t.Errorf("what has no words: %q", words(parts.Last()))
	}
}

// Of cases within cases, a sentence tells how many there are.
func TestTraceSentenceStaysShort(t *testing.T) {
	t.Parallel()
	p := program(t, rules.Rule{Key: "a", When: `said_outage && (similar > 3 && findings > 1 || similar > 2 && findings > 2)`},
		rules.Rule{Key: "b", When: "similar > 9 || findings > 9 || own_signs > 9 || service_signs > 9"}, rules.Rule{Key: "c", When: "true"})
	items := ticketPage(t, i18n.French, judgedTicket(t, p)).Find("ol.trace > li")
	if got := words(items.Eq(0).Find("p")); got != "Il manque : "+named(i18n.French, "said_outage")+" ; l’un des 2 cas qui suivent." {
		t.Errorf("%q", got)
	}
	if got := words(items.Eq(1).Find("p")); !strings.Contains(got, "plus de 9 ou bien ") || !strings.HasSuffix(got, "….") {
		t.Errorf("%q", got)
	}
}

func TestTraceSaysWhatCouldNotBeEvaluated(t *testing.T) {
	t.Parallel()
	p := program(t, rules.Rule{Key: "a", When: `10 / similar > 3`}, rules.Rule{Key: "b", When: "true"})
	item := ticketPage(t, i18n.French, judgedTicket(t, p)).Find("ol.trace > li").First()
	if got := words(item); !strings.Contains(got, "n’a pas pu être évaluée") || item.Find("code").Length() != 1 {
		t.Errorf("%q", got)
	}
}

func TestTraceIsOpenedFromTheDecision(t *testing.T) {
	t.Parallel()
	k := judgedTicket(t, program(t, rules.Rule{Key: "a", When: "true"}))
	k.Why = false
	d := ticketPage(t, i18n.French, k)
	if d.Find("#why, .known, mark").Length() != 0 || d.Find(`.decision a[href="/alpine/tickets/10482?from=mine&why=1#why"]`).Length() != 1 {
		t.Errorf("%q", words(d.Find(".decision")))
	}
}

func TestDecidingRuleSpeaksForItself(t *testing.T) {
	t.Parallel()
	p := program(t, rules.Rule{Key: "a", When: "true", Because: map[string]string{"fr": "Étendue {affected}, {similar} autres, {said_outage} ; {region}.", "en": "Hits {affected}."}})
	k := judgedTicket(t, p, desk.Known{Name: "similar", Value: int64(2)}, desk.Known{Name: "affected", Value: "one_user"}, desk.Known{Name: "said_outage", Value: true})
	if got := words(ticketPage(t, i18n.French, k).Find(".decision")); !strings.Contains(got, "Règle « Règle a ». Étendue Une personne, 2 autres, "+named(i18n.French, "said_outage")+" ; rien.") {
		t.Errorf("%q", got)
	}
	if got := words(ticketPage(t, i18n.English, k).Find(".decision")); !strings.Contains(got, "Hits One person.") {
		t.Errorf("%q", got)
	}
}

func TestFactsStandByWhereTheyCameFrom(t *testing.T) {
	t.Parallel()
	p := program(t, rules.Rule{Key: "a", When: "hint_bug > 90"}, rules.Rule{Key: "b", When: "true"})
	k := judgedTicket(t, p, desk.Known{Name: "affected", Value: "one_user", Source: "form"}, desk.Known{Name: "ids", Value: []string{"EX1", "EX2"}, Source: "text"},
		desk.Known{Name: "said_outage", Value: true, Source: "text", Quote: "ne s’ouvre plus"}, desk.Known{Name: "similar", Value: int64(4), Source: "person"},
		desk.Known{Name: "hint_bug", Value: int64(61), Source: "hint", Quote: "erreur, said_outage"}, desk.Known{Name: "words", Value: int64(6), Source: "text"})
	k.Thread.Corrected = []desk.Corrected{{Correction: desk.Correction{Fact: desk.Known{Name: "similar", Value: int64(4)}}, AuthorName: "Inès Caron"}}
	d := ticketPage(t, i18n.French, k)
	known := d.Find(".known")
	var titles []string
	known.Find("h3").Each(func(_ int, s *goquery.Selection) { titles = append(titles, words(s)) })
	if got := strings.Join(titles, ", "); got != "Corrigé à la main, formulaire, texte, Indice appris" {
		t.Errorf("groups %q", got)
	}
	all := words(known)
	for _, want := range []string{named(i18n.French, "similar") + " : 4 par Inès Caron", named(i18n.French, "affected") + " : Une personne", "« EX1, EX2 »", "« ne s’ouvre plus »",
		"61 %", "Mots qui ont compté : erreur ; " + named(i18n.French, "said_outage"), "n’en tient pas compte"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in %q", want, all)
		}
	}
	if known.Find(`form[action="/alpine/tickets/10482/corrections?from=mine"] button[name=do][value=back]`).Length() != 1 || known.Find(`a[href*="correct=affected#correct"]`).Length() != 1 {
		t.Error("a fact cannot be set right, or that not taken back")
	}
	if known.Find(`a[href*="correct=words"], a[href*="correct=hint_bug"], a[href*="correct=similar"]`).Length() != 0 {
		t.Error("what is nobody's to correct is offered")
	}
	if mark := d.Find(".bubble mark"); mark.Length() != 1 || mark.Text() != "ne s’ouvre plus." || plain(mark.AttrOr("title", "")) != named(i18n.French, "said_outage") {
		t.Errorf("marked: %q", mark.Text())
	}
	k.Thread.Decision.Verdict.Facts[4].Value = int64(95)
	if got := words(ticketPage(t, i18n.French, k).Find(".known")); !strings.Contains(got, "La règle qui a décidé en tient compte.") {
		t.Errorf("%q", got)
	}
}

func TestFactIsAskedForByItsType(t *testing.T) {
	t.Parallel()
	for fact, control := range map[string]string{"affected": "select#value option[value=whole_tenant]", "said_outage": "select#value option[value=false]",
		"similar": "input#value[type=number]", "ids": "input#value[aria-describedby=value-hint]", "region": "input#value[type=text]"} {
		k := judgedTicket(t, program(t, rules.Rule{Key: "a", When: "true"}))
		k.Correct(fact)
		form := ticketPage(t, i18n.French, k).Find("#correct form")
		if form.Find(control).Length() != 1 || form.Find("[name=fact]").AttrOr("value", "") != fact || form.Find("label[for=value]").Length() != 1 {
			t.Errorf("%s is asked for by %q", fact, words(form))
		}
	}
	for _, none := range []string{ChooseFact, "subject", "hint_bug", "<b>"} {
		k := judgedTicket(t, program(t, rules.Rule{Key: "a", When: "true"}))
		k.Correct(none)
		form := ticketPage(t, i18n.French, k).Find("#correct form")
		if form.AttrOr("method", "") != "get" || form.Find("select#fact option[value=said_outage]").Length() != 1 || form.Find("option[value=subject], option[value=words]").Length() != 0 ||
			form.Find("input[name=from]").AttrOr("value", "") != "mine" {
			t.Errorf("%q: %q", none, words(form))
		}
	}
}

func TestWrongCorrectionComesBackFilled(t *testing.T) {
	t.Parallel()
	k := judgedTicket(t, program(t, rules.Rule{Key: "a", When: "true"}))
	k.Correction = CorrectionForm{Fact: "similar", Value: "many", Open: true, Problems: desk.Problems{{Field: "value", Key: "error.whole_number"}}}
	d := ticketPage(t, i18n.French, k)
	if d.Find("#value[aria-invalid=true]").AttrOr("value", "") != "many" || d.Find(`[role=alert] a[href="#value"]`).Length() != 1 {
		t.Error("the wrong value is not told at its field")
	}
	k.Correction = CorrectionForm{Fact: "x", Open: true, Problems: desk.Problems{{Field: "fact", Key: "error.choose"}}}
	if d := ticketPage(t, i18n.French, k); d.Find("#fact[aria-invalid=true]").Length() != 1 || d.Find(`[role=alert] a[href="#fact"]`).Length() != 1 {
		t.Error("the unknown fact is not told at its field")
	}
}

func TestTimelineTellsCorrectionsAndSorting(t *testing.T) {
	t.Parallel()
	p := i18n.New(i18n.French, time.UTC, noon)
	k := judgedTicket(t, program(t, rules.Rule{Key: "a", When: "true"}))
	for want, e := range map[string]desk.Event{
		"Inès corrige « " + named(i18n.French, "affected") + " » : Une personne, au lieu de Toute l’entreprise": {Kind: desk.EventCorrected, Data: map[string]string{"fact": "affected", "value": "one_user", "was": "whole_tenant"}},
		"Inès corrige « " + named(i18n.French, "said_outage") + " » : non, au lieu de oui": {Kind: desk.EventCorrected,
			Data: map[string]string{"fact": "said_outage", "value": "", "was": "true"}},
		"Inès annule la correction de « " + named(i18n.French, "similar") + " » (0)": {Kind: desk.EventCorrected, Data: map[string]string{"fact": "similar", "was": "", "back": "true"}},
		"Inès change le classement : étiquettes vip, réseau ; équipe aucune":         {Kind: desk.EventSorted, Data: map[string]string{"tags": "vip, réseau", "team": ""}},
		"Règle « Règle a », classement : priorité Critique ; équipe Réseau":          {Kind: desk.EventEffects, Data: map[string]string{"rule": "a", "priority": "1", "team": "Réseau"}},
	} {
		if got := plain(k.eventText(i18n.With(t.Context(), p), desk.Happened{Event: e, ActorName: "Inès"})); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// plain takes the narrow spaces of French for ordinary ones.
func plain(s string) string { return strings.ReplaceAll(s, "\u202f", " ") }

func TestQuotesAreMarkedInText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, quote, want string }{
		{"Plus rien ne\n  marche ici.", "rien ne marche", "Plus [rien ne]|[marche] ici."},
		{"Un (souci grave), enfin", "souci grave", "Un [(souci grave),] enfin"},
		{"l’erreur 503 revient", "erreur 503 rev…", "[l’erreur 503 revient]"},
		{"rien <b>ici</b> & là", "<b>ici</b> & là", "rien [<b>ici</b> & là]"},
		{"voir https://exemple.fr/a puis https://exemple.fr/b", "voir puis", "[voir] https://exemple.fr/a [puis] https://exemple.fr/b"},
		{"deux fois deux fois", "deux fois", "[deux fois] deux fois"},
		{"rien", "autre", "rien"}, {"rien", "…", "rien"}, {"rien", "", "rien"}, {"", "x", ""},
	} {
		var got []string
		for _, p := range marked(c.text, []quote{{c.quote, "f"}}) {
			for _, l := range p {
				text := ""
				for _, s := range l {
					if s.Fact != "" {
						text += "[" + s.Text + "]"
					} else {
						text += s.Text
					}
				}
				got = append(got, strings.TrimSpace(text))
			}
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%q in %q: %q", c.quote, c.text, got)
		}
	}
}

func FuzzMarks(f *testing.F) {
	f.Add("Plus rien ne marche. https://exemple.fr", "rien ne")
	f.Add("a\n\nb\tc", "b c")
	f.Fuzz(func(t *testing.T, text, words string) {
		flat := func(all [][]line) (s string) {
			for _, p := range all {
				for _, l := range p {
					for _, x := range l {
						s += x.Text
					}
					s += "\n"
				}
			}
			return s
		}
		if got, want := flat(marked(text, []quote{{words, "f"}, {"e", "g"}})), flat(paragraphs(text)); got != want {
			t.Errorf("marking %q changes %q to %q", words, want, got)
		}
	})
}
