package page

import (
	"slices"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/rules"
)

// ruleWord is one part of a rule's condition as a sentence.
type ruleWord struct {
	Text  string
	Kind  string // "fact" for a fact or a value, "cel" for what has no words, "" for what joins them
	Break bool   // begins a line
}

// ruleWords are the parts that two versions of a condition share, or one of them alone has.
type ruleWords struct {
	Change string // "", "del" or "ins"
	Words  []ruleWord
}

// ruleFacts is what conditions may speak of.
func ruleFacts() []rules.Fact { return desk.Vocabulary().Facts }

// always tells a condition that every ticket meets.
func always(when string) bool { return strings.TrimSpace(when) == "true" }

// conditionWords writes a condition as a sentence.
func conditionWords(p *i18n.Printer, when string) []ruleWord {
	if always(when) {
		return []ruleWord{{Text: p.T("rules.always")}}
	}
	c, err := rules.Rows(when, ruleFacts())
	if err != nil {
		return []ruleWord{{Text: shown(when), Kind: "cel"}}
	}
	s := sentence{p: p}
	s.condition(c, 0)
	if len(s.words) > 0 {
		s.words[0].Text, s.words[0].Break = s.words[0].Text, false
	}
	return s.words
}

type sentence struct {
	p     *i18n.Printer
	words []ruleWord
}

func (s *sentence) say(key string)   { s.words = append(s.words, ruleWord{Text: s.p.T(key)}) }
func (s *sentence) mark(text string) { s.words = append(s.words, ruleWord{Text: text}) }
func (s *sentence) fact(text string) {
	s.words = append(s.words, ruleWord{Text: text, Kind: "fact"})
}

func (s *sentence) condition(c rules.Condition, depth int) {
	for n, g := range c.Groups {
		if n > 0 {
			s.join(c.Any, depth)
		}
		s.group(g, c, depth)
	}
}

// join says "and" or "or"; of the whole condition, at the beginning of a line.
func (s *sentence) join(any bool, depth int) {
	if any {
		s.say("rules.or")
	} else {
		s.say("rules.and")
	}
	s.words[len(s.words)-1].Break = depth == 0
}

func (s *sentence) group(g rules.Group, c rules.Condition, depth int) {
	either := g.Join != rules.JoinAll
	apart := len(g.Rows) > 1 && (g.Join == rules.JoinNone || either != c.Any) && (len(c.Groups) > 1 || g.Join == rules.JoinNone)
	if g.Join == rules.JoinNone {
		s.say("rules.none_of")
	}
	if apart {
		s.mark("(")
		depth++
	}
	for n, r := range g.Rows {
		if n > 0 {
			s.join(either, depth)
		}
		s.row(r, depth)
	}
	if apart {
		s.mark(")")
	}
}

func (s *sentence) row(r rules.Row, depth int) {
	if r.CEL == "" {
		s.plain(r)
		return
	}
	inner, err := rules.Rows(r.CEL, ruleFacts())
	if err != nil || len(inner.Groups) == 1 && len(inner.Groups[0].Rows) == 1 && inner.Groups[0].Rows[0].CEL != "" {
		s.words = append(s.words, ruleWord{Text: r.CEL, Kind: "cel"})
		return
	}
	s.mark("(")
	s.condition(inner, depth+1)
	s.mark(")")
}

// plain says a fact, what is asked of it and the values.
func (s *sentence) plain(r rules.Row) {
	s.fact(factName(s.p, r.Fact))
	t := factType(r.Fact)
	if t == rules.Bool {
		if r.Op == rules.OpIsNot {
			s.say("rules.not_so")
		}
		return
	}
	s.mark(s.p.T("rules.op." + string(r.Op)))
	if !rules.NeedsValue(t, r.Op) {
		return
	}
	for n, v := range r.Values {
		if n > 0 {
			s.say("rules.or")
		}
		s.fact(valueWord(s.p, r.Fact, v))
	}
}

// valueWord is a value in words; a text that a rule looks for stands in quotation marks.
func valueWord(p *i18n.Printer, fact, value string) string {
	f, ok := desk.FactNamed(fact)
	if ok && f.Type != rules.Int && !slices.Contains(f.Values, value) {
		return p.T("rules.quoted", "Text", shown(value))
	}
	return factWord(p, fact, value)
}

func factType(name string) rules.Type {
	f, _ := desk.FactNamed(name)
	return f.Type
}

// compareWords tells what became of a sentence: the longest common parts stay.
func compareWords(older, newer []ruleWord) []ruleWords {
	same := func(a, b ruleWord) bool { return a.Text == b.Text && a.Kind == b.Kind }
	longest := make([][]int, len(older)+1)
	for i := range longest {
		longest[i] = make([]int, len(newer)+1)
	}
	for i := len(older) - 1; i >= 0; i-- {
		for j := len(newer) - 1; j >= 0; j-- {
			if longest[i][j] = max(longest[i+1][j], longest[i][j+1]); same(older[i], newer[j]) {
				longest[i][j] = longest[i+1][j+1] + 1
			}
		}
	}
	var out []ruleWords
	add := func(change string, w ruleWord) {
		if n := len(out); n > 0 && out[n-1].Change == change {
			out[n-1].Words = append(out[n-1].Words, w)
			return
		}
		out = append(out, ruleWords{change, []ruleWord{w}})
	}
	i, j := 0, 0
	for i < len(older) || j < len(newer) {
		switch {
		case i < len(older) && j < len(newer) && same(older[i], newer[j]):
			add("", newer[j])
			i, j = i+1, j+1
		case j == len(newer) || i < len(older) && longest[i+1][j] >= longest[i][j+1]:
			add("del", older[i])
			i++
		default:
			add("ins", newer[j])
			j++
		}
	}
	return out
}
