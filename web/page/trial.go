package page

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/rules"
	"guichet/web/ui"
)

// TrialPanel is the form that begins a try on the past, with those there were.
type TrialPanel struct {
	desk.Trials
	Choice   desk.TrialChoice
	Problems desk.Problems
}

// FirstTrial is the choice that nobody has made yet.
func FirstTrial() desk.TrialChoice { return desk.TrialChoice{Most: strconv.Itoa(desk.TrialSizes[1])} }

// refusal is what is wrong with the trial as a whole, "" for nothing.
func (t TrialPanel) refusal(ctx context.Context) string { return problemOf(ctx, t.Problems, "") }

func (t TrialPanel) sizes(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, n := range desk.TrialSizes {
		options = append(options, ui.Option{Value: strconv.Itoa(n), Text: i18n.N(ctx, "trial.last", n)})
	}
	return append(options, ui.Option{Value: desk.TrialDates, Text: i18n.T(ctx, "trial.dates")})
}

// day asks for a day that has begun.
func (t TrialPanel) day(ctx context.Context, f Frame, key, value string) ui.Field {
	field := typed("date", asked(ctx, t.Problems, key, value, ""))
	field.More = templ.Attributes{"max": i18n.From(ctx).Now().In(f.Who.Desk.Location()).Format(time.DateOnly)}
	return field
}

// newest are the few trials that the panel names.
func (t TrialPanel) newest() []desk.Trial { return t.List[:min(len(t.List), 3)] }

func trialHref(f Frame, t desk.Trial) string {
	return f.Href("/settings/rules/trials/" + t.ID.String())
}

// trialAbout says what was tried on, trialTitle that it was tried.
func trialAbout(p *i18n.Printer, f Frame, t desk.Trial) string {
	if t.Since == nil {
		return p.N("trial.last", t.Most)
	}
	since, until := trialDays(p, f, t)
	return p.T("trial.between", "Since", since, "Until", until)
}

func trialTitle(p *i18n.Printer, f Frame, t desk.Trial) string {
	if t.Since == nil {
		return p.N("trial.of_last", t.Most)
	}
	since, until := trialDays(p, f, t)
	return p.T("trial.of_days", "Since", since, "Until", until)
}

func trialDays(p *i18n.Printer, f Frame, t desk.Trial) (since, until string) {
	zone := f.Who.Desk.Location()
	return p.Date(t.Since.In(zone)), p.Date(t.LastDay().In(zone))
}

// trialTones are the tone and the sign of each state.
var trialTones = map[desk.TrialState][2]string{
	desk.TrialWaiting: {"", "clock"}, desk.TrialRunning: {"info", "play"}, desk.TrialDone: {"ok", "ok"},
	desk.TrialStopped: {"", "pause"}, desk.TrialFailed: {"bad", "alert"},
}

// effectTones are the same of each effect.
var effectTones = map[desk.TrialEffect][2]string{
	desk.EffectBetter: {"ok", "up"}, desk.EffectWorse: {"bad", "down"}, desk.EffectNeither: {"", "right"}, desk.EffectUnjudged: {"", "ask"},
}

// TrialPage is one trial as its page shows it.
type TrialPage struct {
	desk.OneTrial
	Filter desk.TrialFilter
}

// address is the page with another choice of changes.
func (t TrialPage) address(f Frame, effect desk.TrialEffect, after int64) string {
	href, join := trialHref(f, t.Trial), "?"
	if effect != "" {
		href, join = href+join+"show="+string(effect), "&"
	}
	if after != 0 {
		href += join + "after=" + strconv.FormatInt(after, 10)
	}
	return href
}

// last is the number that the next page of changes goes on from.
func (t TrialPage) last() int64 { return t.Changes[len(t.Changes)-1].Number }

// polling asks for the page again while the trial runs, where scripts are.
func (t TrialPage) polling(f Frame) templ.Attributes {
	if t.Trial.State.Over() {
		return templ.Attributes{}
	}
	return templ.Attributes{"hx-get": trialHref(f, t.Trial), "hx-trigger": "every 1s", "hx-select": "#trial", "hx-swap": "outerHTML",
		"hx-select-oob": "#trial-end:innerHTML"}
}

// rest is how many changes nobody's decision speaks for or against.
func (t TrialPage) rest() int { return t.Trial.Changed - t.Trial.Better - t.Trial.Worse }

// ruleOf names a rule that decided.
func (t TrialPage) ruleOf(p *i18n.Printer, key string) string {
	r, _ := t.RuleNamed(key)
	return ruleCalled(p, r, key)
}

// ruleCalled is a rule by the name that its desk gave it; its key where the
// rule is gone.
func ruleCalled(p *i18n.Printer, r rules.Rule, key string) string {
	if key == "" {
		return p.T("triage.no_rule")
	}
	if name := inLanguage(p, r.Name); name != "" {
		return name
	}
	return key
}

// tenths writes a share given in tenths of a percent.
func tenths(p *i18n.Printer, share int) string {
	return p.T("trial.percent", "Whole", p.Number(share/10), "Tenth", strconv.Itoa(share%10))
}

// lasted is how long a trial took, to the second.
func lasted(p *i18n.Printer, t desk.Trial) string {
	if t.BeganAt == nil || t.EndedAt == nil {
		return ""
	}
	return p.N("trial.seconds", max(1, int(t.EndedAt.Sub(*t.BeganAt).Round(time.Second)/time.Second)))
}

// trialBar is one bar of the comparison: its words, and how long it is drawn.
type trialBar struct {
	Text, Share, Class string
	Width              string
	Y, TextY, BarY     string
}

// The size of the picture in its own units.
const (
	barWide = 250
	barStep = 36
)

// bars are the agreement of the published rules and of the draft.
func (t TrialPage) bars(ctx context.Context) []trialBar {
	p := i18n.From(ctx)
	var list []trialBar
	for i, b := range []struct {
		text, class string
		agreed      int
	}{
		{p.T("trial.version", "Version", t.Trial.BasedOn), "f-muted", t.Trial.AgreedBefore},
		{p.T("trial.draft"), "f-brand", t.Trial.AgreedAfter},
	} {
		share, y := t.Trial.Agreement(b.agreed), i*barStep
		list = append(list, trialBar{Text: b.text, Share: tenths(p, share), Class: b.class, Width: strconv.Itoa(share * barWide / 1000),
			Y: strconv.Itoa(y + 11), BarY: strconv.Itoa(y + 17), TextY: strconv.Itoa(y + 26)})
	}
	return list
}

// effects are the filters of a trial's changes that lead somewhere.
func (t TrialPage) effects() []desk.TrialEffect {
	counts := map[desk.TrialEffect]int{desk.EffectBetter: t.Trial.Better, desk.EffectWorse: t.Trial.Worse}
	return slices.DeleteFunc([]desk.TrialEffect{desk.EffectWorse, desk.EffectBetter}, func(e desk.TrialEffect) bool { return counts[e] == 0 })
}

// only is a filter in words.
func (t TrialPage) only(ctx context.Context, e desk.TrialEffect) string {
	p := i18n.From(ctx)
	if e == desk.EffectWorse {
		return p.T("trial.only_worse", "Count", p.Number(t.Trial.Worse))
	}
	return p.T("trial.only_better", "Count", p.Number(t.Trial.Better))
}

// tone is how the result of a trial looks: a draft that does worse warns.
func (t TrialPage) tone() string {
	switch {
	case t.Trial.Worse > t.Trial.Better:
		return "warn"
	case t.Trial.Better > 0:
		return "ok"
	}
	return "info"
}

func (t TrialPage) sign() string {
	return map[string]string{"warn": "alert", "ok": "ok", "info": "info"}[t.tone()]
}
