package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of what a rule says besides its condition, in characters.
const (
	MaxName      = 80
	MaxSentence  = 300
	MaxQuestion  = 200
	MaxQuestions = 6
	MaxTag       = 30
	MaxTags      = 8
)

var keyForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// Placeholders finds the {fact} marks of a sentence.
var Placeholders = regexp.MustCompile(`\{([a-z_0-9]+)\}`)

// validator judges the rules of one set against each other.
type validator struct {
	keys, names map[string]bool
	facts       map[string]Type
	questions   []string
}

// check lists what is wrong with a rule besides its condition.
func (v *validator) check(r Rule) (faults []error) {
	fail := func(field string, kind Kind, detail any) {
		faults = append(faults, &Error{Rule: r.Key, Field: field, Kind: kind, Detail: strings.TrimSpace(fmt.Sprint(detail))})
	}
	switch {
	case !keyForm.MatchString(r.Key):
		fail("key", KeyMissing, r.Key)
	case v.keys[r.Key]:
		fail("key", KeyTwice, r.Key)
	}
	v.keys[r.Key] = true
	v.checkNames(r, fail)
	switch {
	case Categories(r.Outcome) == nil:
		fail("outcome", UnknownOutcome, r.Outcome)
	case !slices.Contains(Categories(r.Outcome), r.Category):
		fail("category", WrongCategory, r.Category)
	}
	v.checkTexts(r, fail)
	if e := r.Effects; e.Priority < 0 || e.Priority > 4 {
		fail("effects", WrongEffect, e.Priority)
	}
	return faults
}

func (v *validator) checkNames(r Rule, fail func(string, Kind, any)) {
	named := false
	for lang, name := range r.Name {
		name = strings.TrimSpace(name)
		if name == "" {
			continue
		}
		named = true
		switch key := lang + " " + strings.ToLower(name); {
		case utf8.RuneCountInString(name) > MaxName:
			fail("name", TextTooLong, MaxName)
		case v.names[key]:
			fail("name", NameTwice, name)
		default:
			v.names[key] = true
		}
	}
	if !named {
		fail("name", NameMissing, "")
	}
}

func (v *validator) checkTexts(r Rule, fail func(string, Kind, any)) {
	for _, sentence := range r.Because {
		if utf8.RuneCountInString(sentence) > MaxSentence {
			fail("because", TextTooLong, MaxSentence)
		}
		for _, m := range Placeholders.FindAllStringSubmatch(sentence, -1) {
			if _, declared := v.facts[m[1]]; !declared {
				fail("because", UnknownInText, m[1])
			}
		}
	}
	if r.Outcome == NeedsInfo && len(r.Questions) == 0 {
		fail("questions", NoQuestion, "")
	}
	if len(r.Questions) > MaxQuestions {
		fail("questions", TooLarge, MaxQuestions)
	}
	for _, q := range r.Questions {
		if q.Key == "" && len(q.Text) == 0 || q.Key != "" && v.questions != nil && !slices.Contains(v.questions, q.Key) {
			fail("questions", UnknownQuestion, q.Key)
		}
		for _, text := range q.Text {
			if utf8.RuneCountInString(text) > MaxQuestion {
				fail("questions", TextTooLong, MaxQuestion)
			}
		}
	}
	if len(r.Effects.Tags) > MaxTags {
		fail("effects", TooLarge, MaxTags)
	}
	for _, tag := range r.Effects.Tags {
		if strings.Contains(tag, ",") || strings.TrimSpace(tag) == "" {
			fail("effects", WrongTag, tag)
		}
	}
	for _, tag := range append([]string{r.Effects.Team}, r.Effects.Tags...) {
		if utf8.RuneCountInString(tag) > MaxTag {
			fail("effects", TextTooLong, MaxTag)
		}
	}
}
