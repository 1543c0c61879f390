package i18n

import (
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/BurntSushi/toml"
	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
)

// forms are the plural forms a catalogue must and may give: CLDR 45 cardinal rules. "many" in French is for whole
// millions only (« un million de demandes »), which a desk never counts.
var forms = map[Lang]struct{ must, may []string }{
	French:  {must: []string{"one", "other"}, may: []string{"many"}},
	English: {must: []string{"one", "other"}},
}

// catalogues reads every message as its author wrote it.
func catalogues(t *testing.T) map[Lang]map[string]*goi18n.Message {
	t.Helper()
	all := map[Lang]map[string]*goi18n.Message{French: {}, English: {}}
	names, err := fs.Glob(embedded, "catalog/*.toml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no catalogue: %v", err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(embedded, name)
		if err != nil {
			t.Fatal(err)
		}
		var tree map[string]any
		if err := toml.Unmarshal(data, &tree); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, m := range flatten("", tree) {
			all[Lang(strings.Split(name, ".")[1])][m.ID] = m
		}
	}
	return all
}

func written(m *goi18n.Message) map[string]string {
	given := map[string]string{"zero": m.Zero, "one": m.One, "two": m.Two, "few": m.Few, "many": m.Many, "other": m.Other}
	maps.DeleteFunc(given, func(_, s string) bool { return s == "" })
	return given
}

func placeholders(m *goi18n.Message) []string {
	found := map[string]bool{}
	for _, s := range written(m) {
		for _, match := range placeholder.FindAllStringSubmatch(s, -1) {
			found[match[1]] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func TestBothLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	all := catalogues(t)
	for key, fr := range all[French] {
		en := all[English][key]
		if en == nil {
			t.Errorf("%s is missing in English", key)
			continue
		}
		if !slices.Equal(placeholders(fr), placeholders(en)) {
			t.Errorf("%s: placeholders %v in French, %v in English", key, placeholders(fr), placeholders(en))
		}
		if (fr.One == "") != (en.One == "") {
			t.Errorf("%s is counted in one language only", key)
		}
	}
	for key := range all[English] {
		if all[French][key] == nil {
			t.Errorf("%s is missing in French", key)
		}
	}
}

func TestPluralFormsAreTheLanguagesOwn(t *testing.T) {
	t.Parallel()
	for lang, messages := range catalogues(t) {
		for key, m := range messages {
			given := written(m)
			if len(given) == 0 {
				t.Errorf("%s: %s is empty", lang, key)
			}
			if m.One == "" {
				continue
			}
			for _, form := range forms[lang].must {
				if given[form] == "" {
					t.Errorf("%s: %s lacks the form %q", lang, key, form)
				}
			}
			for form := range given {
				if !slices.Contains(forms[lang].must, form) && !slices.Contains(forms[lang].may, form) {
					t.Errorf("%s: %s gives %q, a form the language does not have", lang, key, form)
				}
			}
		}
	}
}

func TestFrenchTypography(t *testing.T) {
	t.Parallel()
	for key, m := range catalogues(t)[French] {
		for _, s := range written(m) {
			if strings.HasPrefix(key, "search.") {
				s = searchField.ReplaceAllString(s, "$1") // as it is typed
			}
			for _, fault := range typography(s) {
				t.Errorf("%s: %s: %q", key, fault, s)
			}
		}
	}
}

// searchField is what is typed into the search box: a field and the beginning of its value.
var searchField = regexp.MustCompile(`(\p{L}):[\p{L}\d<"]`)

func TestTypographyFindsFaults(t *testing.T) {
	t.Parallel()
	for _, wrong := range []string{"Vraiment?", "Vraiment\u00a0?", "Attention !", "Ceci : cela", "« oui »", "«\u202foui »", "l'appel", "{{.Name}}:"} {
		if len(typography(wrong)) == 0 {
			t.Errorf("no fault found in %q", wrong)
		}
	}
	for _, right := range []string{"Vraiment\u202f?!", "https://guichet.example", "de 09:12 à 10:20", "«\u202foui\u202f»", "l’appel", "{{.Name}}\u202f: ceci", "?"} {
		if faults := typography(right); len(faults) != 0 {
			t.Errorf("%q: %v", right, faults)
		}
	}
}

// typography checks the marks that French sets off with a narrow no-break space (Lexique des règles
// typographiques en usage à l'Imprimerie nationale) and the apostrophe.
func typography(s string) []string {
	var faults []string
	runes := []rune(placeholder.ReplaceAllString(s, "x"))
	for i, r := range runes {
		var before, after rune
		if i > 0 {
			before = runes[i-1]
		}
		if i+1 < len(runes) {
			after = runes[i+1]
		}
		switch r {
		case '\'':
			faults = append(faults, "straight apostrophe")
		case '«':
			if after != '\u202f' {
				faults = append(faults, "no narrow space after «")
			}
		case '»':
			if before != '\u202f' {
				faults = append(faults, "no narrow space before »")
			}
		case ';', ':', '?', '!':
			inAddress := r == ':' && (after == '/' || unicode.IsDigit(before) && unicode.IsDigit(after))
			if before != 0 && before != '\u202f' && !strings.ContainsRune("?!", before) && !inAddress {
				faults = append(faults, "no narrow space before "+string(r))
			}
		}
	}
	return faults
}
