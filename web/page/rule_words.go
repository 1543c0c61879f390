package page

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/rules"
)

// ruleWord is one part of a rule's condition as a sentence.
type ruleWord struct {
	Text string
	Kind string // "fact" for a fact or a value, "cel" for what has no words, "open" and "shut" for brackets, "" for what joins them
	Line int    // begins a line, set in by one less; 0 stays on its line
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
	return s.words
}

type sentence struct {
	p     *i18n.Printer
	words []ruleWord
}

func (s *sentence) say(key string) { s.words = append(s.words, ruleWord{Text: s.p.T(key)}) }

func (s *sentence) fact(text string) {
	s.words = append(s.words, ruleWord{Text: text, Kind: "fact"})
}

// open and shut put brackets around what counts together.
func (s *sentence) open() { s.words = append(s.words, ruleWord{Text: "(", Kind: "open"}) }
func (s *sentence) shut() { s.words = append(s.words, ruleWord{Text: ")", Kind: "shut"}) }

func (s *sentence) condition(c rules.Condition, depth int) {
	lines := depth == 0 || slices.ContainsFunc(c.Groups, func(g rules.Group) bool { return bracketed(g, c) || deep(g) })
	for n, g := range c.Groups {
		if n > 0 {
			s.join(c.Any, lines, depth)
		}
		s.group(g, c, lines, depth)
	}
}

// join says "and" or "or", where parts are long at the beginning of a line.
func (s *sentence) join(any, line bool, depth int) {
	w := ruleWord{Text: s.p.T("rules.and")}
	if any {
		w.Text = s.p.T("rules.or")
	}
	if line {
		w.Line = min(depth, maxIndent) + 1
	}
	s.words = append(s.words, w)
}

// maxIndent is how deep lines are set in; deeper ones stand no further right.
const maxIndent = 3

// bracketed tells a group that needs brackets within its condition.
func bracketed(g rules.Group, c rules.Condition) bool {
	return g.Join == rules.JoinNone || len(g.Rows) > 1 && len(c.Groups) > 1 && (g.Join == rules.JoinAny) != c.Any
}

// deep tells a group with a part that is itself a condition of several.
func deep(g rules.Group) bool {
	return slices.ContainsFunc(g.Rows, func(r rules.Row) bool { return r.CEL != "" })
}

func (s *sentence) group(g rules.Group, c rules.Condition, lines bool, depth int) {
	if g.Join == rules.JoinNone {
		s.say("rules.none_of")
	}
	if bracketed(g, c) {
		s.open()
		defer s.shut()
		lines, depth = deep(g), depth+1
	}
	for n, r := range g.Rows {
		if n > 0 {
			s.join(g.Join != rules.JoinAll, lines, depth)
		}
		s.row(r, depth)
	}
}

func (s *sentence) row(r rules.Row, depth int) {
	if r.CEL == "" {
		s.plain(r)
		return
	}
	when := r.CEL
	if part, ok := strings.CutPrefix(when, "!("); ok && strings.HasSuffix(part, ")") {
		when = strings.TrimSuffix(part, ")")
	}
	inner, err := rules.Rows(when, ruleFacts())
	if err != nil || len(inner.Groups) == 1 && len(inner.Groups[0].Rows) == 1 && inner.Groups[0].Rows[0].CEL != "" {
		s.words = append(s.words, ruleWord{Text: r.CEL, Kind: "cel"})
		return
	}
	if when != r.CEL {
		s.say("rules.false_that")
	}
	s.open()
	s.condition(inner, depth+1)
	s.shut()
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
	s.words = append(s.words, ruleWord{Text: s.p.T("rules.op." + string(r.Op))})
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
	if value == "" {
		return p.T("rules.nothing")
	}
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

// conditionText writes the parts of a sentence: brackets stand close to what they hold, which
// a template with its spaces between tags cannot say.
func conditionText(words []ruleWord) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var b strings.Builder
		for n, word := range words {
			text := templ.EscapeString(word.Text)
			switch {
			case word.Line > 0:
				b.WriteString(`<br><span class="indent" data-depth="` + strconv.Itoa(word.Line-1) + `"></span>`)
			case n > 0 && word.Kind != "shut" && words[n-1].Kind != "open":
				b.WriteByte(' ')
			}
			switch word.Kind {
			case "fact":
				text = `<span class="fact">` + text + `</span>`
			case "cel":
				text = `<code>` + text + `</code>`
			}
			b.WriteString(text)
		}
		_, err := io.WriteString(w, b.String())
		return err
	})
}

// manyLines tells a sentence of several lines, whose outcome stands on one of its own.
func manyLines(parts []ruleWords) bool {
	return slices.ContainsFunc(parts, func(part ruleWords) bool {
		return slices.ContainsFunc(part.Words, func(w ruleWord) bool { return w.Line > 0 })
	})
}
