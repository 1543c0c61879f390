package history

import (
	"embed"
	"fmt"
	"math/rand/v2"
	"sort"
	"strings"

	"github.com/BurntSushi/toml"

	"guichet/internal/desk"
	"guichet/internal/hint"
	"guichet/internal/rules"
	"guichet/internal/signals"
)

//go:embed data/*.toml
var data embed.FS

// fillings is how many texts each case is worded into.
const fillings = 10

// Book is all that customers may write about and how people speak, each text
// judged once by the rules that a new desk has.
type Book struct {
	lands   map[string]land
	voices  map[string]voice
	stories map[string][]story // by language
	heavier map[string][]int   // running sums of the stories' weights
}

// voice is how people of one language speak.
type voice struct {
	Who      []string `toml:"who"`
	Site     []string `toml:"site"`
	Day      []string `toml:"day"`
	N        []string `toml:"n"`
	Greet    []string `toml:"greet"`
	More     []string `toml:"more"`
	Close    []string `toml:"close"`
	Ask      []string `toml:"ask"`
	Answer   []string `toml:"answer"`
	Progress []string `toml:"progress"`
	Thanks   []string `toml:"thanks"`
	Note     []string `toml:"note"`
}

// trouble is one thing that customers write about.
type trouble struct {
	Language    string `toml:"language"`
	Weight      int    `toml:"weight"`
	Kind        string `toml:"kind"`
	Service     string `toml:"service"`
	Affected    string `toml:"affected"`
	Impact      string `toml:"impact"`
	Similar     int    `toml:"similar"` // other customers who just wrote the same
	Subject     string `toml:"subject"`
	Body        string `toml:"body"`
	Finding     string `toml:"finding"`
	FindingKind string `toml:"finding_kind"`
	Fix         string `toml:"fix"`
}

// story is a trouble in one wording, with what the rules say of it: at first,
// and once the finding is known.
type story struct {
	trouble
	verdict, later desk.Verdict
}

// Open reads the book. Errors: a file that does not parse or has a field that
// nothing reads.
func Open() (*Book, error) {
	var content struct {
		Voice map[string]voice `toml:"voice"`
		Land  map[string]land  `toml:"land"`
		Case  []trouble        `toml:"case"`
	}
	for _, name := range []string{"voices", "companies", "cases"} {
		meta, err := toml.DecodeFS(data, "data/"+name+".toml", &content)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if unread := meta.Undecoded(); len(unread) > 0 {
			return nil, fmt.Errorf("%s: unknown fields %v", name, unread)
		}
	}
	program, err := rules.Compile(rules.Default(), desk.Vocabulary())
	if err != nil {
		return nil, err
	}
	b := &Book{lands: content.Land, voices: content.Voice, stories: map[string][]story{}, heavier: map[string][]int{}}
	r := rand.New(rand.NewPCG(1, 1))
	for _, c := range content.Case {
		for range fillings {
			b.add(program, c, r)
		}
	}
	return b, nil
}

// add words a trouble once and has it judged.
func (b *Book) add(program *rules.Program, c trouble, r *rand.Rand) {
	b.voices[c.Language].fill(r, &c.Subject, &c.Body, &c.Finding, &c.Fix)
	if c.Kind == "" {
		c.Kind = "problem"
	}
	in := signals.Input{Language: c.Language, Kind: c.Kind, Subject: c.Subject, Body: c.Body, Service: c.Service, Affected: c.Affected, Impact: c.Impact, SimilarLastHour: c.Similar}
	judge := func() desk.Verdict {
		if c.Kind == desk.KindSubscription {
			return desk.OrderVerdict()
		}
		return desk.Triage(program, hint.Shipped(), in)
	}
	s := story{trouble: c, verdict: judge()}
	if c.Finding != "" {
		if s.FindingKind == "" {
			s.FindingKind = "other"
		}
		in.Findings = []signals.Finding{{Kind: s.FindingKind, Result: "confirmed", Text: c.Finding}}
		s.later = judge()
	}
	b.stories[c.Language] = append(b.stories[c.Language], s)
	sum := c.Weight
	if sums := b.heavier[c.Language]; len(sums) > 0 {
		sum += sums[len(sums)-1]
	}
	b.heavier[c.Language] = append(b.heavier[c.Language], sum)
}

// story draws what somebody of a language writes about, by weight.
func (b *Book) story(r *rand.Rand, language string) story {
	sums := b.heavier[language]
	return b.stories[language][sort.SearchInts(sums, 1+r.IntN(sums[len(sums)-1]))]
}

// fill puts one drawing of names into several texts.
func (v voice) fill(r *rand.Rand, texts ...*string) {
	f := strings.NewReplacer("{who}", pick(r, v.Who), "{site}", pick(r, v.Site), "{day}", pick(r, v.Day), "{n}", pick(r, v.N))
	for _, t := range texts {
		*t = f.Replace(*t)
	}
}

// say draws one sentence and fills it.
func (v voice) say(r *rand.Rand, sentences []string, to string) string {
	text := strings.ReplaceAll(pick(r, sentences), "{name}", to)
	v.fill(r, &text)
	return text
}
