package desk

import (
	"maps"
	"strings"

	"guichet/internal/hint"
	"guichet/internal/signals"
)

// The facts of the hint, in percent: each category, each side as a whole, and that more must
// be asked; and the likeliest category of each side.
const (
	hintPrefix      = "hint_"
	hintPartner     = "hint_partner"
	hintMicrosoft   = "hint_microsoft"
	hintAsk         = "hint_needs_info"
	likelyPartner   = "likely_partner"
	likelyMicrosoft = "likely_microsoft"
	leansOwn        = "leans_own"
	leansService    = "leans_service"
)

// NeedsInfoLabel is what the hint calls a ticket that more must be asked about.
const NeedsInfoLabel = "needs_info"

// HintLabels is what the hint tells apart.
func HintLabels() []string {
	var labels []string
	for _, o := range []Outcome{Microsoft, Partner} {
		for _, c := range Categories(o) {
			labels = append(labels, string(c))
		}
	}
	return append(labels, NeedsInfoLabel)
}

var blankHint = func() map[string]any {
	values := map[string]any{hintPartner: int64(0), hintMicrosoft: int64(0), likelyPartner: "", likelyMicrosoft: "", leansOwn: false, leansService: false}
	for _, label := range HintLabels() {
		values[hintPrefix+label] = int64(0)
	}
	return values
}()

func addHint(facts signals.Facts, model *hint.Model) {
	x := facts.Features()
	g := model.Guess(x.Hashes, x.Weights)
	var words []string
	for _, at := range g.Strongest {
		if name := x.Name(at); name != "" {
			words = append(words, name)
		}
	}
	why := signals.Evidence{Source: signals.FromHint, Quote: strings.Join(words, ", ")}
	facts.Set(hintAsk, int64(g.Percent[NeedsInfoLabel]), why)
	for _, side := range []struct {
		of            Outcome
		total, likely string
	}{{Partner, hintPartner, likelyPartner}, {Microsoft, hintMicrosoft, likelyMicrosoft}} {
		sum, best := 0, Category("")
		for _, c := range Categories(side.of) {
			n := g.Percent[string(c)]
			sum += n
			facts.Set(hintPrefix+string(c), int64(n), why)
			if n > 0 && (best == "" || n > g.Percent[string(best)]) {
				best = c
			}
		}
		facts.Set(side.total, int64(min(sum, 100)), why)
		facts.Set(side.likely, string(best), why)
	}
}

// lean says which side the diagnosis speaks for: the likelier one by the hint, which weighs the
// signs in the findings with their words; without the hint, the side that has more signs.
// Without findings it speaks for none.
func lean(values map[string]any, hinted bool) (own, service bool) {
	if n, _ := values["findings"].(int64); n == 0 {
		return false, false
	}
	if !hinted {
		return values["own_prevails"] == true, values["service_prevails"] == true
	}
	microsoft, _ := values[hintMicrosoft].(int64)
	partner, _ := values[hintPartner].(int64)
	return microsoft <= partner, microsoft > partner
}

// WithoutHint is the same facts as they would be with the hint switched off.
func WithoutHint(facts map[string]any) map[string]any {
	facts = maps.Clone(facts)
	maps.Copy(facts, blankHint)
	facts[likelyPartner], facts[likelyMicrosoft] = string(signs(facts).partnerBySigns()), string(signs(facts).microsoftBySigns())
	facts[leansOwn], facts[leansService] = lean(facts, false)
	return facts
}
