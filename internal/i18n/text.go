package i18n

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n/template"
)

var placeholder = regexp.MustCompile(`\{\{\s*\.(\w+)\s*\}\}`)

// text is a message split once at its placeholders: literals[0] names[0] literals[1] names[1] … literals[n].
type text struct {
	literals []string
	names    []string
}

// arguments are what a caller gave: alternating names and values, and the formatted count of N.
type arguments struct {
	n     string
	pairs []any
}

func split(src string) (text, error) {
	var t text
	from := 0
	for _, at := range placeholder.FindAllStringSubmatchIndex(src, -1) {
		t.literals = append(t.literals, src[from:at[0]])
		t.names = append(t.names, src[at[2]:at[3]])
		from = at[1]
	}
	t.literals = append(t.literals, src[from:])
	for _, literal := range t.literals {
		if strings.Contains(literal, "{{") || strings.Contains(literal, "}}") {
			return text{}, fmt.Errorf("%q: only {{.Name}} may stand between braces", src)
		}
	}
	return t, nil
}

// fill writes the text with its arguments. An argument that was not given stays visible as its placeholder.
func (t text) fill(args arguments) string {
	var b strings.Builder
	for i, name := range t.names {
		b.WriteString(t.literals[i])
		args.write(&b, name)
	}
	b.WriteString(t.literals[len(t.names)])
	return b.String()
}

func (a arguments) write(b *strings.Builder, name string) {
	if name == "N" && a.n != "" {
		b.WriteString(a.n)
		return
	}
	for i := 0; i+1 < len(a.pairs); i += 2 {
		if a.pairs[i] != name {
			continue
		}
		switch value := a.pairs[i+1].(type) {
		case string:
			b.WriteString(value)
		case int:
			b.WriteString(strconv.Itoa(value))
		default:
			fmt.Fprint(b, value)
		}
		return
	}
	missed("{{." + name + "}}")
	b.WriteString("{{." + name + "}}")
}

// parser lets go-i18n choose the plural form and run our split text in place of text/template.
type parser struct{}

func (parser) Cacheable() bool { return true }

func (parser) Parse(src, _, _ string) (template.ParsedTemplate, error) {
	t, err := split(src)
	return counted{t}, err
}

type counted struct{ text }

func (c counted) Execute(data any) (string, error) {
	args, _ := data.(arguments)
	return c.fill(args), nil
}
