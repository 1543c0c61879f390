package desk

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"guichet/internal/rules"
)

// InvalidRules is rules that cannot be accepted as they are: every fault with its place.
type InvalidRules struct{ Faults []*rules.Error }

func (e InvalidRules) Error() string {
	texts := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		texts[i] = f.Error()
	}
	return "invalid rules: " + strings.Join(texts, "; ")
}

// Unstorable is the fault of a text with bytes that are no text.
const Unstorable rules.Kind = "encoding"

// Draft begins one from a published version.
func (v RulesetVersion) Draft() RuleDraft {
	return RuleDraft{BasedOn: v.Version, Revision: 1, NoHint: v.NoHint, Rules: slices.Clone(v.Rules)}
}

// Rule finds one by its key. Errors: ErrNotFound.
func (d RuleDraft) Rule(key string) (rules.Rule, error) {
	if at := d.at(key); at >= 0 {
		return d.Rules[at], nil
	}
	return rules.Rule{}, ErrNotFound
}

func (d RuleDraft) at(key string) int {
	return slices.IndexFunc(d.Rules, func(r rules.Rule) bool { return r.Key == key })
}

// Put puts a rule in the place of the one that has its key. Errors: ErrNotFound;
// InvalidRules.
func (d *RuleDraft) Put(r rules.Rule) error {
	at := d.at(r.Key)
	if at < 0 {
		return ErrNotFound
	}
	list := slices.Clone(d.Rules)
	list[at] = Tidy(r)
	return d.accept(list, r.Key)
}

// Add adds a rule behind the one that has the key after, first for "", and gives
// it a key of its own. Errors: InvalidRules.
func (d *RuleDraft) Add(r rules.Rule, after string) (key string, err error) {
	r.Key = freeKey(r.Name, d.Rules)
	return r.Key, d.accept(slices.Insert(slices.Clone(d.Rules), d.at(after)+1, Tidy(r)), r.Key)
}

// accept takes the rules when nothing is wrong with one of them. A fault of another, which
// it had before, waits until the draft is published.
func (d *RuleDraft) accept(list []rules.Rule, key string) error {
	var wrong []*rules.Error
	for _, f := range faults(rules.Ruleset{NoHint: d.NoHint, Rules: list}) {
		if f.Rule == key || f.Rule == "" || f.Kind == rules.NameTwice && named(list, key, f.Detail) {
			wrong = append(wrong, f)
		}
	}
	if len(wrong) > 0 {
		return InvalidRules{wrong}
	}
	d.Rules = list
	return nil
}

// named tells a rule that has a name which another one, further down, has as well.
func named(list []rules.Rule, key, name string) bool {
	r, _ := rules.Ruleset{Rules: list}.Rule(key)
	for _, own := range r.Name {
		if strings.EqualFold(own, name) {
			return true
		}
	}
	return false
}

// Remove takes a rule out. Errors: ErrNotFound.
func (d *RuleDraft) Remove(key string) error {
	at := d.at(key)
	if at < 0 {
		return ErrNotFound
	}
	d.Rules = slices.Delete(slices.Clone(d.Rules), at, at+1)
	return nil
}

// Restore brings a rule of the published version back to where it stood there, or undoes what
// was changed in it. Errors: ErrNotFound; InvalidRules when its name has gone to another.
func (d *RuleDraft) Restore(key string, published []rules.Rule) error {
	at := slices.IndexFunc(published, func(r rules.Rule) bool { return r.Key == key })
	if at < 0 {
		return ErrNotFound
	}
	if d.at(key) >= 0 {
		return d.Put(published[at])
	}
	behind := -1
	for n := at - 1; n >= 0 && behind < 0; n-- {
		behind = d.at(published[n].Key)
	}
	return d.accept(slices.Insert(slices.Clone(d.Rules), behind+1, published[at]), key)
}

// Move puts a rule at a rank, counted from 1; beyond the ends is at the end.
// Errors: ErrNotFound.
func (d *RuleDraft) Move(key string, rank int) error {
	at := d.at(key)
	if at < 0 {
		return ErrNotFound
	}
	r, rest := d.Rules[at], slices.Delete(slices.Clone(d.Rules), at, at+1)
	d.Rules = slices.Insert(rest, min(max(rank-1, 0), len(rest)), r)
	return nil
}

// Shift moves a rule by some ranks. Errors: ErrNotFound.
func (d *RuleDraft) Shift(key string, by int) error { return d.Move(key, d.at(key)+1+by) }

// Check finds what keeps the rules from being published. Errors: InvalidRules.
func (d RuleDraft) Check() error {
	if wrong := faults(d.Ruleset(0)); len(wrong) > 0 {
		return InvalidRules{wrong}
	}
	return nil
}

// faults lists all that is wrong with rules.
func faults(rs rules.Ruleset) []*rules.Error {
	var wrong []*rules.Error
	for _, r := range rs.Rules {
		for field, texts := range texts(r) {
			if slices.ContainsFunc(texts, unstorable) {
				wrong = append(wrong, &rules.Error{Rule: r.Key, Field: field, Kind: Unstorable})
			}
		}
	}
	if len(wrong) > 0 {
		return wrong
	}
	_, err := rules.Compile(rs, Vocabulary())
	return rules.Faults(err)
}

func unstorable(s string) bool { return !utf8.ValidString(s) || strings.ContainsRune(s, 0) }

// texts are all that a rule says, by the form's fields.
func texts(r rules.Rule) map[string][]string {
	t := map[string][]string{"key": {r.Key}, "when": {r.When}, "outcome": {string(r.Outcome)}, "category": {string(r.Category)},
		"effects": append([]string{r.Effects.Team}, r.Effects.Tags...)}
	for lang, s := range r.Name {
		t["name"] = append(t["name"], lang, s)
	}
	for lang, s := range r.Because {
		t["because"] = append(t["because"], lang, s)
	}
	for _, q := range r.Questions {
		t["questions"] = append(t["questions"], q.Key)
		for lang, s := range q.Text {
			t["questions"] = append(t["questions"], lang, s)
		}
	}
	return t
}

// Tidy trims what people type around a text, and leaves out what says nothing.
func Tidy(r rules.Rule) rules.Rule {
	r.When = cleanText(r.When)
	r.Name, r.Because = tidied(r.Name), tidied(r.Because)
	var asked []rules.Question
	for _, q := range r.Questions {
		if q.Text = tidied(q.Text); q.Key != "" || len(q.Text) > 0 {
			asked = append(asked, q)
		}
	}
	r.Questions = asked
	var tags []string
	for _, tag := range r.Effects.Tags {
		if tag = clean(tag); tag != "" && !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	r.Effects.Tags, r.Effects.Team = tags, clean(r.Effects.Team)
	return r
}

// oneLine is a text without breaks; its narrow and unbreakable spaces stay, as typography has them.
func oneLine(s string) string { return strings.TrimSpace(lineBreaks.Replace(s)) }

var lineBreaks = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ")

// tidied is texts by language, without those that are empty; nil without any.
func tidied(texts map[string]string) map[string]string {
	var kept map[string]string
	for lang, s := range texts {
		if s = oneLine(s); s != "" {
			if kept == nil {
				kept = map[string]string{}
			}
			kept[lang] = s
		}
	}
	return kept
}

// freeKey makes a key from a name: letters and digits without accents, that no other rule has.
func freeKey(name map[string]string, list []rules.Rule) string {
	base := slug(name["fr"])
	if base == "" {
		base = slug(name["en"])
	}
	if base == "" {
		base = "rule"
	}
	key := base
	for n := 2; slices.ContainsFunc(list, func(r rules.Rule) bool { return r.Key == key }); n++ {
		suffix := "_" + strconv.Itoa(n)
		key = strings.TrimRight(base[:min(len(base), maxKey-len(suffix))], "_") + suffix
	}
	return key
}

const maxKey = 40

func slug(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(name)) {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9' && b.Len() > 0:
			b.WriteRune(r)
		case !unicode.Is(unicode.Mn, r) && b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	s := b.String()
	return strings.TrimRight(s[:min(len(s), maxKey)], "_")
}
