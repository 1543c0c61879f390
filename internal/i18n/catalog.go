package i18n

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
	"github.com/go-playground/locales"
	"github.com/go-playground/locales/en_GB"
	"github.com/go-playground/locales/fr"
	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed catalog/*.toml
var embedded embed.FS

// tongue is all that a printer needs of one language.
type tongue struct {
	messages  map[string]message
	localizer *goi18n.Localizer
	names     locales.Translator
}

// message is one key of a catalogue. A plain text has no names to fill; a plural is left to go-i18n.
type message struct {
	plain  string
	text   text
	plural bool
}

type library struct {
	tongues map[Lang]*tongue
	err     error
}

var loaded = sync.OnceValue(func() library { return load(embedded) })

// Check returns what is wrong with the embedded catalogues: a file that cannot be read, a key given twice, a
// text that is no template. Such a message is left out; all others work.
func Check() error { return loaded().err }

func load(files fs.FS) library {
	bundle := goi18n.NewBundle(language.English)
	l := library{tongues: map[Lang]*tongue{
		French:  {messages: map[string]message{}, names: fr.New()},
		English: {messages: map[string]message{}, names: en_GB.New()},
	}}
	var problems []error
	names, err := fs.Glob(files, "catalog/*.toml")
	problems = append(problems, err)
	for _, name := range names {
		if err := l.read(bundle, files, name); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", name, err))
		}
	}
	for lang, t := range l.tongues {
		t.localizer = goi18n.NewLocalizer(bundle, string(lang))
	}
	l.err = errors.Join(problems...)
	return l
}

// read adds one file, named area.lang.toml.
func (l library) read(bundle *goi18n.Bundle, files fs.FS, name string) error {
	parts := strings.Split(path.Base(name), ".")
	if len(parts) != 3 || l.tongues[Lang(parts[1])] == nil {
		return errors.New("the name must be area.lang.toml, in a language of Langs")
	}
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	var tree map[string]any
	if err := toml.Unmarshal(data, &tree); err != nil {
		return err
	}
	lang := Lang(parts[1])
	var problems []error
	for _, m := range flatten("", tree) {
		if err := l.tongues[lang].add(m); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", m.ID, err))
			continue
		}
		problems = append(problems, bundle.AddMessages(language.Make(string(lang)), m))
	}
	return errors.Join(problems...)
}

func (t *tongue) add(m *goi18n.Message) error {
	if _, twice := t.messages[m.ID]; twice {
		return errors.New("given twice")
	}
	for _, form := range []string{m.Zero, m.One, m.Two, m.Few, m.Many, m.Other} {
		if _, err := split(form); err != nil {
			return err
		}
	}
	if m.One != "" {
		t.messages[m.ID] = message{plural: true}
		return nil
	}
	parts, err := split(m.Other)
	if err != nil {
		return err
	}
	if len(parts.names) == 0 {
		parts = text{}
	}
	t.messages[m.ID] = message{plain: m.Other, text: parts}
	return nil
}

// flatten turns the tables of a file into messages with dotted keys. We do it ourselves because go-i18n takes any
// table with a key such as "other" for plural forms, and "other" is also one of our categories.
func flatten(prefix string, tree map[string]any) []*goi18n.Message {
	var messages []*goi18n.Message
	for name, value := range tree {
		key := prefix + name
		switch value := value.(type) {
		case string:
			messages = append(messages, &goi18n.Message{ID: key, Other: value})
		case map[string]any:
			if m := plural(key, value); m != nil {
				messages = append(messages, m)
			} else {
				messages = append(messages, flatten(key+".", value)...)
			}
		}
	}
	return messages
}

// plural returns a table as a plural message when it holds both "one" and "other" and nothing but forms.
func plural(key string, table map[string]any) *goi18n.Message {
	m := &goi18n.Message{ID: key}
	fields := map[string]*string{"zero": &m.Zero, "one": &m.One, "two": &m.Two, "few": &m.Few, "many": &m.Many, "other": &m.Other}
	for form, value := range table {
		field, is := fields[form]
		s, ok := value.(string)
		if !is || !ok {
			return nil
		}
		*field = s
	}
	if m.One == "" || m.Other == "" {
		return nil
	}
	return m
}
